//! `dealwire newsletter`, by the real program: the e-mail as a mail program reads it, the page in the archive, and that
//! nothing is told twice, lost, or told before its time.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and reads what it wrote")]

#[path = "commands/desk.rs"]
#[allow(dead_code, reason = "the same desk serves other tests")]
mod desk;

use desk::Desk;
use mail_parser::{Message, MessageParser};
use std::collections::BTreeSet;
use std::fs;

const DONE: i32 = 0;
const FINDINGS: i32 = 1;
const USAGE: i32 = 2;
const REFUSED: i32 = 3;

const SETTINGS: &str = "title = \"The Desk\"\nbase_url = \"https://desk.example/news\"\ntimezone = \"Europe/Helsinki\"\n\
    [newsletter]\nfrom = \"The Desk, 交易台 <desk@desk.example>\"\nreply_to = \"ed@desk.example\"\n\
    unsubscribe = \"https://desk.example/leave?a=1&b=2\"\nintro = \"What the week brought. <No markup>\"\n";

fn article(title: &str, day: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndescription: What {title} is about.\ndate: {day}\n{more}---\n\nText.\n")
}

const DEAL: &str = "threads: [story]\nsources:\n  - {id: release, kind: press_release, publisher: Nokia, date: 2017-07-05}\n\
    deal:\n  kind: patent_licence\n  title: Nokia–小米 licence\n  parties:\n    - {company: nokia, roles: [licensor]}\n\
    \u{20}\u{20}\u{20}\u{20}- {company: xiaomi, roles: [licensee]}\n\
    \u{20}\u{20}status:\n    - {state: announced, date: 2017-07-05, source: release}\n  value: undisclosed\n";

/// A site with a deal, an article of the same story, one of none, and things that nobody may see.
fn site() -> Desk {
    let desk = Desk::empty();
    desk.write("site.toml", SETTINGS);
    desk.write("content/companies/nokia.md", "---\nname: Nokia\n---\n");
    desk.write("content/companies/xiaomi.md", "---\nname: Xiaomi\naliases: [小米]\n---\n");
    desk.write("content/threads/story.md", "---\ntitle: The long story\ndescription: It goes on.\n---\n");
    for (name, text) in [
        ("licence", article("\"Nokia & <Xiaomi> agree\"", "2017-07-05", DEAL)),
        ("more", article("More of the story", "2017-07-06", "threads: [story]\n")),
        ("other", article("Something else", "2017-07-04", "")),
        ("old", article("Long ago", "2017-06-01", "")),
        ("draft", article("Nobody knows Alpha", "2017-07-05", "draft: true\n")),
        ("later", article("Nobody knows Beta", "2017-07-20", "")),
        ("embargo", article("Nobody knows Gamma", "2017-07-05", "embargo: 2017-07-15T12:00:00+03:00\n")),
        ("gone", article("Nobody knows Delta", "2017-07-02", "expires: 2017-07-05\n")),
    ] {
        desk.write(&format!("content/articles/{name}.md"), text);
    }
    desk
}

fn mail(desk: &Desk, name: &str) -> Vec<u8> {
    fs::read(desk.at(&format!("newsletters/{name}.eml"))).expect("an e-mail")
}

fn read(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).expect("a message")
}

/// The targets of links in HTML.
fn links(html: &str) -> Vec<&str> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or("")).collect()
}

#[test]
fn the_e_mail_is_one_that_a_mail_program_opens_and_sends() {
    let desk = site();
    let said = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(said.out.starts_with("The Desk: 3 articles and 1 deal, 4 July 2017 to 6 July 2017\n"), "{}", said.out);
    let bytes = mail(&desk, "2017-07-10");
    let message = read(&bytes);
    assert_eq!(message.subject(), Some("The Desk: 3 articles and 1 deal, 4 July 2017 to 6 July 2017"));
    let from = message.from().and_then(|f| f.first()).expect("a sender");
    assert_eq!((from.name(), from.address()), (Some("The Desk, 交易台"), Some("desk@desk.example")));
    assert_eq!(message.reply_to().and_then(|f| f.first()).and_then(|a| a.address()), Some("ed@desk.example"));
    assert_eq!(message.message_id(), Some("newsletter-2017-07-10@desk.example"));
    assert_eq!(message.date().map(mail_parser::DateTime::to_timestamp), Some(1_499_634_000));
    assert_eq!(message.header_raw("X-Unsent").map(str::trim), Some("1"));
    assert_eq!(message.header_raw("List-Unsubscribe").map(str::trim), Some("<https://desk.example/leave?a=1&b=2>"));
    assert_eq!((message.html_body_count(), message.text_body_count(), message.attachment_count()), (1, 1, 0));
    let (html, text) =
        (message.body_html(0).expect("HTML"), message.body_text(0).expect("a text").replace("\r\n", "\n"));
    assert_eq!(html.replace("\r\n", "\n").trim_end(), desk.read("newsletters/2017-07-10.html").trim_end());
    // In mail programs that know no style sheets, and in the dark.
    assert!(
        html.contains("<table") && html.contains("role=\"presentation\"") && html.contains("color-scheme"),
        "{html}"
    );
    assert!(
        !html.contains("<script") && !html.contains("<link") && !html.contains("@import") && !html.contains("<img")
    );
    for link in links(&html) {
        assert!(link.starts_with("https://desk.example/"), "{link}");
    }
    for words in [
        "Nokia &amp; &lt;Xiaomi&gt; agree",
        "Nokia–小米 licence",
        "Undisclosed",
        "The long story",
        "More coverage",
        "What the week brought. &lt;No markup&gt;",
        "https://desk.example/news/deals/licence/",
        "https://desk.example/news/2017/07/more/",
        "https://desk.example/leave?a=1&amp;b=2",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    for words in
        ["Nokia & <Xiaomi> agree\n", "Nokia–小米 licence\n", "https://desk.example/news/2017/07/other/", "Undisclosed"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(
        at(">Deals<") < at("The long story") && at("The long story") < at("More coverage"),
        "deals, stories, the rest"
    );
}

#[test]
fn what_is_hidden_leaves_no_trace_and_comes_when_it_is_public() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE).keeps_quiet_about("Nobody knows");
    let written = ["newsletters/2017-07-10.html", "newsletters/2017-07-10.txt", "newsletters.json"];
    for file in written.into_iter().chain(["content/pages/newsletter/2017-07-10.md", "content/pages/newsletter.md"]) {
        let text = desk.read(file);
        assert!(!text.contains("Nobody") && !text.contains("embargo") && !text.contains("draft"), "{file}: {text}");
    }
    let text = read(&mail(&desk, "2017-07-10")).body_html(0).expect("HTML").into_owned();
    assert!(!text.contains("Nobody knows"), "{text}");
    desk.type_in("newsletter --as-of 2017-07-21").has(DONE).says("Nobody knows Beta").says("Nobody knows Gamma");
    let json: serde_json::Value = serde_json::from_str(&desk.read("newsletters.json")).expect("JSON");
    assert_eq!(json["issues"][1]["articles"], serde_json::json!(["later", "embargo"]));
    // One whose embargo is lifted after the last letter, and whose date lies before that letter's period.
    desk.write("content/articles/held.md", article("Held back", "2017-06-20", "embargo: 2017-07-22T09:00:00+03:00\n"));
    desk.type_in("newsletter --as-of 2017-07-22T08:00:00+03:00 --dry-run").has(DONE).keeps_quiet_about("Held back");
    desk.type_in("newsletter --as-of 2017-07-22T12:00:00+03:00 --dry-run").has(DONE).says("Held back");
    // What expires is told while it is public, and keeps no build from taking it away.
    desk.write("content/articles/brief.md", article("An offer that ends", "2017-07-22", "expires: 2017-07-30\n"));
    desk.write("content/articles/stays.md", article("What stays", "2017-07-22", ""));
    desk.type_in("newsletter --as-of 2017-07-23").has(DONE).says("An offer that ends");
    assert!(desk.read("newsletters/2017-07-23.html").contains("An offer that ends"));
    let page = desk.read("content/pages/newsletter/2017-07-23.md");
    assert!(page.contains("What stays") && !page.contains("An offer"), "{page}");
    for day in ["2017-07-24", "2017-08-01"] {
        desk.type_in(&format!("build --strict --as-of {day}")).has(DONE);
    }
}

#[test]
fn nothing_is_told_twice_and_nothing_that_came_late_is_lost() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    let before = desk.tree("");
    desk.type_in("newsletter --as-of 2017-07-10").has(DONE).says("Nothing is new since 2017-07-01T00:00:00+03:00");
    assert_eq!(desk.tree(""), before);
    // Written afterwards, with a date of the time before; and a second letter of the same day.
    desk.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    desk.type_in("newsletter --since 2017-01-01 --as-of 2017-07-10 --dry-run").has(DONE).says("Long ago");
    let said = desk.type_in("newsletter --as-of 2017-07-10").has(DONE);
    assert!(said.out.contains("It came late") && !said.out.contains("Something else"), "{}", said.out);
    assert!(desk.at("newsletters/2017-07-10-2.eml").is_file());
    let all: serde_json::Value = serde_json::from_str(&desk.read("newsletters.json")).expect("JSON");
    let told: Vec<&str> = all["issues"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|i| i["articles"].as_array().expect("ids"))
        .filter_map(|v| v.as_str())
        .collect();
    assert_eq!(told.len(), told.iter().collect::<BTreeSet<_>>().len(), "{told:?}");
}

#[test]
fn what_stands_on_the_edge_of_a_period_is_told_and_a_correction_once() {
    let desk = site();
    let of = |day: &str, text: &str| format!("corrections:\n  - {{date: {day}, kind: correction, text: \"{text}\"}}\n");
    desk.write("content/articles/edge.md", article("On the edge", "2017-07-01", &of("2017-07-08", "It was a Monday.")));
    let deal = |day: &str| {
        format!(
            "---\ntitle: A deal alone\nsources:\n  - {{id: r, kind: press_release, publisher: Nokia, date: 2017-07-05}}\n\
             kind: patent_licence\nparties:\n  - {{company: nokia, roles: [licensor]}}\n  - {{company: xiaomi, \
             roles: [licensee]}}\nstatus:\n  - {{state: announced, date: {day}, source: r}}\nvalue: undisclosed\n---\n"
        )
    };
    desk.write("content/deals/alone.md", deal("2017-06"));
    let first = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(first.out.contains("On the edge") && !first.out.contains("A deal alone"), "{}", first.out);
    let text = desk.read("newsletters/2017-07-10.txt");
    assert!(text.contains("It was a Monday.") && text.contains("Nokia · Xiaomi\n"), "{text}");
    // A deal of a month is not before a day of it.
    desk.write("content/deals/alone.md", deal("2017-07"));
    desk.write(
        "content/articles/other.md",
        article("Something else", "2017-07-04", &of("2017-07-11", "It was a Tuesday.")),
    );
    desk.type_in("newsletter --since 2017-07-05 --as-of 2017-07-12").has(DONE).says("A deal alone");
    let text = desk.read("newsletters/2017-07-12.txt");
    assert!(text.contains("It was a Tuesday.") && !text.contains("It was a Monday."), "{text}");
    // Where deals have no pages, a deal that no article opens has no address.
    desk.write("site.toml", format!("outputs = {{ deals = false }}\n{SETTINGS}"));
    fs::remove_file(desk.at("newsletters.json")).expect("removed");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-13").has(DONE).keeps_quiet_about("A deal alone");
    let html = desk.read("newsletters/2017-07-13.html");
    assert!(html.contains("\"https://desk.example/news/2017/07/licence/\"") && !html.contains("/deals/"), "{html}");
}

#[test]
fn the_archive_is_pages_of_the_site_and_a_list_that_somebody_changed_is_theirs() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    desk.type_in("build --strict --as-of 2017-07-10").has(DONE);
    let page = desk.read("public/newsletter/2017-07-10/index.html");
    for words in
        ["Newsletter of 10 July 2017", "/news/2017/07/licence/", "Nokia &amp; &lt;Xiaomi&gt; agree", "The long story"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(desk.read("public/newsletter/index.html").contains("/news/newsletter/2017-07-10/"));
    assert!(desk.read("public/sitemap.xml").contains("https://desk.example/news/newsletter/2017-07-10/"));
    // Taken back later: the check finds the page that still speaks of it.
    let other = desk.read("content/articles/other.md");
    desk.write("content/articles/other.md", other.replace("date:", "draft: true\ndate:"));
    desk.type_in("check --as-of 2017-07-10").has(FINDINGS).says("content/pages/newsletter/2017-07-10.md");
    desk.write("content/articles/other.md", other);
    let mine = desk.read("content/pages/newsletter.md") + "\nWrite to us.\n";
    desk.write("content/pages/newsletter.md", &mine);
    desk.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    desk.type_in("newsletter --as-of 2017-07-11")
        .has(DONE)
        .says("content/pages/newsletter.md is not as it was written");
    assert_eq!(desk.read("content/pages/newsletter.md"), mine);
}

#[test]
fn a_long_one_stays_below_what_mail_programs_cut_off() {
    let desk = site();
    for n in 0..400 {
        let title = format!("Story number {n} of a long week with a headline of its own that is not short at all");
        desk.write(&format!("content/articles/n{n}.md"), article(&title, "2017-07-05", "threads: [story]\n"));
    }
    let said = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(said.out.contains("403 articles") && said.out.contains("The e-mail has room for "), "{}", said.out);
    let html = desk.read("newsletters/2017-07-10.html");
    assert!((60_000..90_000).contains(&html.len()), "{}", html.len());
    assert!(html.contains(" more on the site"));
    let page = desk.read("content/pages/newsletter/2017-07-10.md");
    assert_eq!(page.matches("](../../articles/n").count(), 400, "the archive has all");
}

#[test]
fn what_cannot_be_done_is_told_and_writes_nothing() {
    let desk = site();
    let before = desk.tree("");
    desk.type_in("newsletter --as-of 2017-07-10").has(USAGE).says("--since 2017-07-01");
    desk.type_in("newsletter --since yesterday").has(USAGE).says("`yesterday` is no instant");
    desk.type_in("newsletter --since 2017-08-01 --as-of 2017-07-10").has(USAGE).says("is not before");
    desk.type_in("newsletter --since 2017-07-01 --drafts").has(USAGE).says("leave out --drafts");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10 --dry-run").has(DONE).says("3 articles and 1 deal");
    assert_eq!(desk.tree(""), before);
    desk.write("content/articles/broken.md", "---\ntitle: Broken\nnonsense: 1\n---\n");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(FINDINGS).says("error[E0101]");
    fs::remove_file(desk.at("content/articles/broken.md")).expect("removed");
    desk.write("site.toml", SETTINGS.replace("from =", "#"));
    desk.type_in("newsletter --since 2017-07-01").has(FINDINGS).says("there is no `newsletter.from`");
    for (from, to) in [
        ("<desk@desk.example>", "<desk>"),
        ("ed@desk.example", "ed"),
        ("https://desk.example/leave", "leave"),
        ("https://desk.example/leave", "https://例え.jp/"),
    ] {
        desk.write("site.toml", SETTINGS.replace(from, to));
        desk.type_in("check").has(FINDINGS).says("error[E1002]").says("site.toml:");
    }
    desk.write("site.toml", SETTINGS);
    desk.write("newsletters/2017-07-10.eml", "mine");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(REFUSED).says("is there already");
    assert_eq!(desk.read("newsletters/2017-07-10.eml"), "mine");
    // Where one is in the way, none is written: nothing of a letter that nobody sent keeps the next one back.
    fs::remove_file(desk.at("newsletters/2017-07-10.eml")).expect("removed");
    desk.write("content/pages/newsletter/2017-07-10.md", "---\ntitle: Mine\ndescription: Ours.\n---\n");
    let before = desk.tree("");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(REFUSED).says("is there already");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2900-01-01").has(REFUSED).says("is to come");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2900-01-01 --dry-run").has(DONE).says("Nobody knows Gamma");
    assert_eq!(desk.tree(""), before);
}

#[test]
fn a_record_that_is_damaged_stops_it() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    let (good, code) = (desk.read("newsletters.json"), "E1401");
    for (from, to) in [
        ("\"issues\"", "\"issue\""),
        ("\"licence\"", "\"../licence\""),
        ("]\n    }", "],\n \"more\": 1}"),
        ("2017-06-30T21:00:00Z", "some day"),
        ("\"name\": \"2017-07-10\"", "\"name\": \"../2017\""),
    ] {
        assert!(good.contains(from), "{from}: {good}");
        let damaged = good.replacen(from, to, 1);
        desk.write("newsletters.json", &damaged);
        desk.type_in("newsletter --as-of 2017-07-20")
            .has(FINDINGS)
            .says(&format!("error[{code}]"))
            .says("newsletters.json");
        assert_eq!(desk.read("newsletters.json"), damaged);
    }
}

#[test]
fn templates_of_the_site_write_it_and_their_faults_are_told() {
    let desk = site();
    let own = "<mjml><mj-body><mj-section><mj-column><mj-text>Mine: {{ headline }}</mj-text></mj-column></mj-section></mj-body></mjml>";
    desk.write("templates/newsletter.mjml.html", own);
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(desk.read("newsletters/2017-07-10.html").contains("Mine: 3 articles and 1 deal"));
    desk.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    for (from, to, code) in [
        ("mj-column>", "mj-colum>", "E1402"),
        ("<mj-text>", "<mj-txt>", "E1402"),
        ("</mj-body>", "", "E1402"),
        ("{{ headline }}", "{{ headlin }}", "E1101"),
    ] {
        desk.write("templates/newsletter.mjml.html", own.replace(from, to));
        let said = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-12 --dry-run").has(FINDINGS);
        said.says(&format!("error[{code}]")).says("templates/newsletter.mjml.html");
    }
    let long = own.replace("Mine", &"Mine ".repeat(20_000));
    desk.write("templates/newsletter.mjml.html", long);
    desk.type_in("newsletter --as-of 2017-07-12").has(FINDINGS).says("error[E1402]").says("kB with a single line");
}

#[test]
fn it_speaks_the_language_of_the_site() {
    let desk = site();
    desk.write("site.toml", format!("language = \"zh-Hans\"\n{SETTINGS}"));
    let said = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(said.out.starts_with("The Desk：3篇报道、1项交易（2017年7月4日至2017年7月6日）\n"), "{}", said.out);
    let html = desk.read("newsletters/2017-07-10.html");
    assert!(html.contains("lang=\"zh-Hans\"") && html.contains("其他报道") && html.contains("退订"), "{html}");
}
