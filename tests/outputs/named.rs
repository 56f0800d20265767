//! However a template asks for a value, it gets it: values that no template names are not made.

use crate::desk::{DONE, Desk};

/// What every template below prints.
const ALL: &str = "{{ p.url }} {{ p.kind }}, {{ a.words }} words, {{ a.toc | length }} headings, {{ a.sources | length }} sources, \
                   {{ f | length }} facts, {{ d[0].parties | length }} parties";

/// A template, and the files beside it.
type Look = (&'static str, String, Vec<(&'static str, String)>);

fn looks() -> Vec<Look> {
    let named = |text: &str| {
        let names = [("{{ p", "{{ page"), ("{{ a", "{{ article"), ("{{ f", "{{ facts"), ("{{ d", "{{ deals")];
        names.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let component = |head: &str, body: &str| format!("{{% component mine({head}) %}}{body}{{% endcomponent mine %}}");
    let theirs = named(ALL);
    vec![
        ("by name", theirs.clone(), vec![]),
        ("in brackets", theirs.replace("page.url", "page[\"url\"]").replace("article.toc", "article[\"toc\"]"), vec![]),
        ("by a name that is put together", theirs.replace("page.url", "page[\"u\" ~ \"rl\"]"), vec![]),
        (
            "under other names",
            format!("{{% set p = page %}}{{% set a = article %}}{{% set f = facts %}}{{% set d = deals %}}{ALL}"),
            vec![],
        ),
        ("in a part", "{% include \"part.html\" %}".to_owned(), vec![("part.html", theirs.clone())]),
        (
            "in what it extends",
            "{% extends \"frame.html\" %}".to_owned(),
            vec![("frame.html", format!("{{% block main %}}{theirs}{{% endblock main %}}"))],
        ),
        (
            "handed to a component",
            "{{ <mine p={page} a={article} f={facts} d={deals} /> }}".to_owned(),
            vec![("parts.html", component("p, a, f, d", ALL))],
        ),
        (
            "taken by a component",
            "{{ <mine /> }}".to_owned(),
            vec![("parts.html", component("@page, @article, @facts, @deals", &theirs))],
        ),
        (
            "taken by a component in a part",
            "{% include \"part.html\" %}".to_owned(),
            vec![
                ("part.html", "{{ <outer /> }}".to_owned()),
                ("outer.html", "{% component outer() %}{{ <mine /> }}{% endcomponent outer %}".to_owned()),
                ("parts.html", component("@page, @article, @facts, @deals", &theirs)),
            ],
        ),
    ]
}

#[test]
fn a_template_gets_what_it_asks_for_however_it_asks() {
    let path = "public/2017/03/story/index.html";
    for (how, article, others) in looks() {
        let desk = Desk::empty().with("SOURCE_DATE_EPOCH", "1514764800");
        desk.write(
            "site.toml",
            "base_url = \"https://desk.example.com/\"\ntitle = \"Desk\"\npublisher = \"Desk\"\ntimezone = \"UTC\"\n\
             language = \"en\"\n[cards]\nenabled = false\n",
        );
        for company in ["alder", "birch"] {
            desk.write(&format!("content/companies/{company}.md"), format!("---\nname: {company} Works\n---\n"));
        }
        desk.write(
            "content/articles/story.md",
            "---\ntitle: A story\ndescription: What it tells.\ndate: 2017-03-01\nsources:\n\
             \x20 - {id: release, kind: press_release, publisher: The buyer, date: 2017-03-01}\ndeal:\n  kind: acquisition\n\
             \x20 title: The deal\n  parties:\n    - {company: alder, roles: [acquirer]}\n    - {company: birch, roles: [target]}\n\
             \x20 status:\n    - {state: announced, date: 2017-03-01, source: release}\n  value: undisclosed\n---\n\n\
             Six words stand in this text.\n\n## One\n\nText.\n\n## Two\n\nText.\n",
        );
        desk.write("templates/article.html", article);
        for (name, text) in others {
            desk.write(&format!("templates/{name}"), text);
        }
        desk.type_in("build").has(DONE);
        let page = desk.read(path);
        let expected = "https://desk.example.com/2017/03/story/ article, 10 words, 2 headings, 1 sources, ";
        assert!(page.contains(expected), "{how}: {page}");
        assert!(page.ends_with("2 parties") && !page.contains(" 0 facts"), "{how}: {page}");
    }
}
