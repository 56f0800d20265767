//! The style guide: printed when it is asked for, in the site's own dress, and never part of a build.

use super::server::{Site, Tab, until};

#[test]
fn the_style_guide_is_of_the_preview_alone() {
    let site = Site::sample();
    for (path, bytes) in site.build(&["--drafts"]) {
        assert!(!path.starts_with("style"), "{path} is built");
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("/style/"), "{path} speaks of the style guide");
    }
    let server = site.serve(&[]);
    let guide = server.get("/style/");
    assert_eq!(guide.status, 200);
    let text = guide.text();
    for part in ["tombstone", "key-facts", "class=\"ledger\"", "pic-wide", "timeline", "footnotes", "alert-caution"] {
        assert!(text.contains(part), "no {part}");
    }
    assert_eq!((server.get("/style").status, server.get("/style/site").status), (301, 301));
    let ledger = server.get("/style/site/deals/").text();
    assert!(ledger.matches("<tr data-value").count() > 500, "a ledger of 500 rows");
    assert_eq!(server.get("/style/site/companies/long-german/").status, 200);
    assert_eq!(server.get("/style/site/nothing/here/").status, 404);
    assert_eq!(server.get("/style/other/").status, 404);
    assert_eq!(server.get("/?as-of=2017-07-05").status, 200);
    assert_eq!(server.get("/style/?as-of=2017-07-05").status, 200, "at other instants too");
    // Every sheet, script and image that it names is there.
    for (at, mark) in text.match_indices("=\"/style/site/assets/").map(|(i, m)| (i + m.len(), m)) {
        let rest = &text[at - mark.len() + 2..];
        let path = &rest[..rest.find(['"', ' ']).expect("an end")];
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    for path in ["/sitemap.xml", "/feed.xml", "/search/", "/"] {
        assert!(!server.get(path).text().contains("/style/"), "{path} speaks of the style guide");
    }
}

#[test]
fn what_a_site_has_at_its_address_wins() {
    let site = Site::sample();
    let server = site.serve(&[]);
    assert!(server.get("/style/").text().contains("Style guide"));
    let page = "---\ntitle: House style\ndescription: How we write.\n---\n\nWe write short words.\n";
    site.write("content/pages/style.md", page);
    until("the site's own page", || {
        let text = server.get("/style/").text();
        (text.contains("We write short words") && !text.contains("Style guide")).then_some(())
    });
    assert_eq!(server.get("/style/site/").status, 404, "there is no guide below it");
}

#[test]
fn a_site_replaces_its_template_and_a_broken_one_leaves_what_was_good() {
    let site = Site::sample();
    site.write(
        "templates/style.html",
        "{% extends \"theme/style.html\" %}\n{% block title %}Our looks{% endblock title %}\n",
    );
    assert!(site.try_build(&[]).is_ok(), "a build does not mind it");
    let server = site.serve(&[]);
    let text = server.get("/style/").text();
    assert!(text.contains("<title>Our looks</title>") && text.contains("guide-states"), "the theme's, extended");
    site.edit("templates/components.html", "<p class=\"tombstone-kind\">", "<p class=\"tombstone-kind\" data-mine>");
    until("the component", || server.get("/style/").text().contains("data-mine").then_some(()));
    site.write(
        "templates/style.html",
        "{% extends \"base.html\" %}{% block main %}{{ nothing.at.all }}{% endblock main %}",
    );
    let mut tab = server.tab("/style/");
    tab.until("the fault", |state| Tab::has_error_in(state, "templates/style.html"));
    assert!(server.get("/style/").text().contains("guide-states"), "the last good one is shown");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn components_are_shown_whole_whatever_the_pages_of_a_site_leave_out() {
    let guide = |own: bool| {
        let site = Site::sample();
        let names = ["article", "company", "thread", "tag"].into_iter().filter(|_| own);
        for name in names {
            let bare = "{% extends \"base.html\" %}{% block main %}Ours{% endblock main %}";
            site.write(&format!("templates/{name}.html"), bare);
        }
        let server = site.serve(&[]);
        assert_eq!(server.get("/companies/nokia/").text().contains("Ours"), own);
        let text = server.get("/style/").text();
        let from = text.find("<main").expect("a part of its own");
        text[from..text.find("</main>").expect("its end")].to_owned()
    };
    assert_eq!(guide(false), guide(true));
}
