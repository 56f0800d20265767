//! `dealwire newsletter`, by the real program: the mail as a mail program reads it, its page on the site, and that nothing
//! is sent twice, lost, or told before its time.
#![allow(clippy::disallowed_methods, reason = "a test writes sites, runs the program and reads what it wrote")]

#[path = "commands/desk.rs"]
#[allow(dead_code, reason = "the same desk serves other tests")]
mod desk;

use desk::Desk;
use mail_parser::{Message, MessageParser};
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

/// A page of the built site, with plain spaces.
fn page(desk: &Desk, path: &str) -> String {
    desk.read(&format!("public/{path}index.html")).replace('\u{a0}', " ")
}

/// The targets of links in HTML.
fn links(html: &str) -> Vec<&str> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or("")).collect()
}

/// The files of mails.
fn files(desk: &Desk) -> Vec<String> {
    desk.tree("newsletters").into_keys().collect()
}

/// The ids that newsletters.toml says were sent, by kind.
fn sent(desk: &Desk, kind: &str) -> Vec<String> {
    let state: toml::Table = desk.read("newsletters.toml").parse().expect("TOML");
    let issues = state["issue"].as_array().expect("issues");
    let of = |issue: &toml::Value| issue.get(kind).and_then(|v| v.as_array()).cloned().unwrap_or_default();
    issues.iter().flat_map(of).filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

#[test]
fn the_mail_is_one_that_a_mail_program_opens_and_sends() {
    let desk = site();
    let subject = "3 articles and 1 deal, 1–10 July 2017";
    let said = desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    said.says("Wrote 2017-07-10.eml, 2017-07-10.html and 2017-07-10.txt into newsletters: ").says(subject);
    assert_eq!(files(&desk), ["2017-07-10.eml", "2017-07-10.html", "2017-07-10.txt"]);
    let bytes = mail(&desk, "2017-07-10");
    let message = read(&bytes);
    assert_eq!(message.subject(), Some(subject));
    let from = message.from().and_then(|f| f.first()).expect("a sender");
    assert_eq!((from.name(), from.address()), (Some("The Desk, 交易台"), Some("desk@desk.example")));
    assert_eq!(message.reply_to().and_then(|f| f.first()).and_then(|a| a.address()), Some("ed@desk.example"));
    assert_eq!(message.message_id(), Some("newsletter.2017-07-10@desk.example"));
    assert_eq!(message.date().map(mail_parser::DateTime::to_timestamp), Some(1_499_666_400));
    assert_eq!(message.header_raw("X-Unsent").map(str::trim), Some("1"));
    assert_eq!(message.header_raw("List-Unsubscribe").map(str::trim), Some("<https://desk.example/leave?a=1&b=2>"));
    assert_eq!((message.html_body_count(), message.text_body_count(), message.attachment_count()), (1, 1, 0));
    let plain = |text: &str| text.replace("\r\n", "\n");
    let (html, text) = (plain(&message.body_html(0).expect("HTML")), plain(&message.body_text(0).expect("a text")));
    assert_eq!(html.trim_end(), desk.read("newsletters/2017-07-10.html").trim_end());
    assert_eq!(text.trim_end(), desk.read("newsletters/2017-07-10.txt").trim_end());
    // In mail programs that know no style sheets, and in the dark.
    assert!(
        html.contains("<table") && html.contains("role=\"presentation\"") && html.contains("color-scheme"),
        "{html}"
    );
    for loads in ["<script", "<link", "@import", "<img", "url("] {
        assert!(!html.contains(loads), "{loads}: {html}");
    }
    for link in links(&html) {
        assert!(link.starts_with("https://desk.example/"), "{link}");
    }
    for words in [
        "Nokia &amp; &lt;Xiaomi&gt; agree",
        "Nokia–小米 licence",
        "Undisclosed",
        "The long story",
        "More news",
        "What the week brought. &lt;No markup&gt;",
        "https://desk.example/news/deals/licence/",
        "https://desk.example/news/2017/07/more/",
        "https://desk.example/news/newsletter/2017-07-10/",
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
    assert!(at(">Deals<") < at("The long story") && at("The long story") < at("More news"), "deals, stories, the rest");
    // The same newsletter is the same bytes.
    let again = site();
    again.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    assert_eq!(again.tree(""), desk.tree(""));
}

#[test]
fn what_is_hidden_leaves_no_trace_and_comes_when_it_is_public() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE).keeps_quiet_about("Nobody knows");
    for (file, bytes) in desk.tree("newsletters") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Nobody") && !text.contains("embargo") && !text.contains("draft"), "{file}: {text}");
    }
    let bytes = mail(&desk, "2017-07-10");
    let message = read(&bytes);
    let (html, text) = (message.body_html(0).expect("HTML"), message.body_text(0).expect("a text"));
    assert!(!html.contains("Nobody knows") && !text.contains("Nobody knows"), "{html}{text}");
    assert_eq!(sent(&desk, "articles"), ["more", "licence", "other"]);
    desk.type_in("newsletter --as-of 2017-07-21").has(DONE);
    let text = desk.read("newsletters/2017-07-21.txt");
    assert!(text.contains("Nobody knows Beta") && text.contains("Nobody knows Gamma"), "{text}");
    assert_eq!(sent(&desk, "articles")[3..], ["later", "embargo"]);
    // One whose embargo is lifted after the last letter, and whose date lies before that letter's period.
    desk.write("content/articles/held.md", article("Held back", "2017-06-20", "embargo: 2017-07-22T09:00:00+03:00\n"));
    desk.type_in("newsletter --as-of 2017-07-22T08:00:00+03:00 --dry-run").has(DONE).keeps_quiet_about("Held back");
    desk.type_in("newsletter --as-of 2017-07-22T12:00:00+03:00 --dry-run").has(DONE).says("Held back");
}

#[test]
fn what_is_taken_back_or_has_expired_leaves_the_page_without_a_trace() {
    let desk = site();
    desk.write("content/articles/brief.md", article("An offer that ends", "2017-07-08", "expires: 2017-07-20\n"));
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    let built = |day: &str| {
        desk.type_in(&format!("build --strict --as-of {day}")).has(DONE);
        (page(&desk, "newsletter/2017-07-10/"), page(&desk, "newsletter/"))
    };
    let (one, all) = built("2017-07-11");
    for words in [
        "4 articles and 1 deal, 1–10 July 2017",
        "An offer that ends",
        "/news/2017/07/licence/",
        "/news/deals/licence/",
        "Nokia &amp; &lt;Xiaomi&gt; agree",
        "The long story",
        "What the week brought. &lt;No markup&gt;",
    ] {
        assert!(one.contains(words), "{words}: {one}");
    }
    assert!(
        all.contains("/news/newsletter/2017-07-10/") && all.contains("4 articles and 1 deal, 1–10 July 2017"),
        "{all}"
    );
    assert!(desk.read("public/sitemap.xml").contains("https://desk.example/news/newsletter/2017-07-10/"));
    assert!(desk.read("public/index.html").contains("\"/news/newsletter/\""), "the foot leads there");
    let (one, all) = built("2017-07-20");
    assert!(!one.contains("An offer that ends") && one.contains("3 articles and 1 deal"), "{one}");
    assert!(all.contains("3 articles and 1 deal") && !all.contains("4 articles"), "{all}");
    let other = desk.read("content/articles/other.md");
    desk.write("content/articles/other.md", other.replace("date:", "draft: true\ndate:"));
    let (one, _) = built("2017-07-20");
    assert!(!one.contains("Something else") && one.contains("2 articles and 1 deal"), "{one}");
    // One of which nothing is left has no page, and neither has the list then; before it was made there was none.
    for name in ["licence", "more"] {
        let file = format!("content/articles/{name}.md");
        desk.write(&file, desk.read(&file).replacen("date:", "draft: true\ndate:", 1));
    }
    desk.type_in("build --as-of 2017-07-20").has(DONE);
    assert!(!desk.at("public/newsletter").exists() && !desk.read("public/index.html").contains("/newsletter/"));
    let earlier = site();
    earlier.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    earlier.type_in("build --as-of 2017-07-10T08:59:59+03:00").has(DONE).says("next change: 2017-07-10T09:00:00+03:00");
    assert!(!earlier.at("public/newsletter").exists());
    // Without pages of its own, the mail leads to the front page.
    earlier.write("site.toml", format!("outputs = {{ newsletter = false }}\n{SETTINGS}"));
    earlier.type_in("build --as-of 2017-07-11").has(DONE);
    assert!(!earlier.at("public/newsletter").exists());
    earlier.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    earlier.type_in("newsletter --as-of 2017-07-11").has(DONE);
    assert!(!earlier.read("newsletters/2017-07-11.html").contains("/newsletter/"));
}

#[test]
fn nothing_is_told_twice_and_nothing_that_came_late_is_lost() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    let before = desk.tree("");
    desk.type_in("newsletter --as-of 2017-07-10T10:00:00+03:00")
        .has(DONE)
        .says("Nothing is new since 2017-07-10T09:00:00+03:00");
    desk.type_in("newsletter --since 2017-07-05 --as-of 2017-07-10T10:00:00+03:00").has(DONE).says("Nothing is new");
    desk.type_in("newsletter --as-of 2017-07-10T09:00:00+03:00")
        .has(REFUSED)
        .says("a newsletter was made at 2017-07-10T09:00:00+03:00");
    assert_eq!(desk.tree(""), before);
    // Written afterwards, with a date of the time before; and a second letter of the same day.
    desk.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    desk.type_in("newsletter --since 2017-01-01 --as-of 2017-07-10T10:00:00+03:00 --dry-run")
        .has(DONE)
        .says("Long ago");
    desk.type_in("newsletter --as-of 2017-07-10T10:00:00+03:00").has(DONE).says("1 article, 10 July 2017");
    let text = desk.read("newsletters/2017-07-10-2.txt");
    assert!(text.contains("It came late") && !text.contains("Something else"), "{text}");
    let told = sent(&desk, "articles");
    assert_eq!(told, ["more", "licence", "other", "late"]);
    // What stands there by hand stays.
    let state = desk.read("newsletters.toml") + "\n# The week of the fair.\n";
    desk.write("newsletters.toml", &state);
    desk.write("content/articles/next.md", article("The next one", "2017-07-10", ""));
    desk.type_in("newsletter --as-of 2017-07-11").has(DONE);
    assert!(desk.read("newsletters.toml").starts_with(&state));
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
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10T09:00:00+03:00").has(DONE);
    let text = desk.read("newsletters/2017-07-10.txt");
    assert!(text.contains("On the edge") && !text.contains("A deal alone"), "{text}");
    assert!(text.contains("It was a Monday.") && text.contains("Nokia, Xiaomi\n"), "{text}");
    // A deal of a month is not before a day of it.
    desk.write("content/deals/alone.md", deal("2017-07"));
    desk.write(
        "content/articles/other.md",
        article("Something else", "2017-07-04", &of("2017-07-11", "It was a Tuesday.")),
    );
    desk.type_in("newsletter --as-of 2017-07-12").has(DONE).says("1 deal, 10–12 July 2017");
    let text = desk.read("newsletters/2017-07-12.txt");
    assert!(
        text.contains("A deal alone") && text.contains("It was a Tuesday.") && !text.contains("It was a Monday."),
        "{text}"
    );
    // A correction is news by itself; a deal whose article was corrected says so.
    let licence = desk.read("content/articles/licence.md");
    desk.write(
        "content/articles/licence.md",
        licence.replacen("threads:", &(of("2017-07-12", "It was a Wednesday.") + "threads:"), 1),
    );
    desk.type_in("newsletter --as-of 2017-07-13").has(DONE).says("1 correction, 12–13 July 2017");
    assert_eq!(sent(&desk, "corrections").len(), 3);
    desk.type_in("build --as-of 2017-07-14").has(DONE);
    let last = page(&desk, "newsletter/2017-07-13/");
    assert!(last.contains("It was a Wednesday.") && last.contains("1 correction, 12–13 July 2017"), "{last}");
    assert!(page(&desk, "newsletter/2017-07-10/").contains("Corrected"));
}

#[test]
fn a_long_one_stays_below_what_mail_programs_cut_off() {
    let desk = site();
    for n in 0..400 {
        let title = format!("Story number {n} of a long week with a headline of its own that is not short at all");
        desk.write(&format!("content/articles/n{n}.md"), article(&title, "2017-07-05", "threads: [story]\n"));
    }
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE).says("403 articles and 1 deal");
    let html = desk.read("newsletters/2017-07-10.html");
    assert!((50_000..90_000).contains(&html.len()), "{}", html.len());
    assert!(html.contains(" more articles on the site"));
    desk.type_in("build --as-of 2017-07-11").has(DONE);
    let page = page(&desk, "newsletter/2017-07-10/");
    assert!((0..400).all(|n| page.contains(&format!("Story number {n} of"))), "the page has all");
}

#[test]
fn what_cannot_be_done_is_told_and_writes_nothing() {
    let desk = site();
    let before = desk.tree("");
    desk.type_in("newsletter --as-of 2017-07-10").has(USAGE).says("--since 2017-07-01");
    desk.type_in("newsletter --since yesterday").has(USAGE).says("`yesterday` is no instant");
    desk.type_in("newsletter --since 2017-08-01 --as-of 2017-07-10")
        .has(USAGE)
        .says("the period would begin after its end");
    desk.type_in("newsletter --since 2017-07-01 --drafts").has(REFUSED).says("leave out --drafts");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10 --dry-run").has(DONE).says("3 articles and 1 deal");
    assert_eq!(desk.tree(""), before);
    desk.write("content/articles/broken.md", "---\ntitle: Broken\nnonsense: 1\n---\n");
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(FINDINGS).says("error[E0101]");
    fs::remove_file(desk.at("content/articles/broken.md")).expect("removed");
    desk.write("site.toml", SETTINGS.replace("from =", "#"));
    desk.type_in("newsletter --since 2017-07-01").has(FINDINGS).says("`newsletter.from` is missing");
    desk.write("site.toml", SETTINGS);
    desk.write("newsletters/2017-07-10.txt", "mine");
    let before = desk.tree("");
    // Where one is in the way, none is written: nothing of a letter that nobody sent keeps the next one back.
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(REFUSED).says("is there already");
    assert_eq!(desk.tree(""), before);
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10 --to elsewhere").has(DONE);
    assert!(desk.at("elsewhere/2017-07-10.eml").is_file());
}

#[test]
fn a_record_that_is_damaged_stops_it_and_the_build() {
    let desk = site();
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    let good = desk.read("newsletters.toml");
    for (from, to) in [
        ("[[issue]]", "[[issues]]"),
        ("\"licence\"", "\"../licence\""),
        ("sent = 2017-07-10T00:00:00+03:00", "sent = 2017-07-10"),
        ("since = ", "since == "),
    ] {
        assert!(good.contains(from), "{from}: {good}");
        let damaged = good.replacen(from, to, 1);
        desk.write("newsletters.toml", &damaged);
        for command in ["newsletter --as-of 2017-07-20", "check", "build"] {
            desk.type_in(command).has(FINDINGS).says("error[E0822]").says("newsletters.toml:");
        }
        assert_eq!(desk.read("newsletters.toml"), damaged);
    }
    desk.write("newsletters.toml", &good);
    // A file that has another name now would be sent again.
    fs::rename(desk.at("content/articles/more.md"), desk.at("content/articles/moore.md")).expect("renamed");
    desk.type_in("check").has(DONE).says("warning[W0823]").says("did you mean `moore`?");
}

#[test]
fn templates_of_the_site_write_it_and_their_faults_are_told() {
    let desk = site();
    let own = "<mjml><mj-body><mj-section><mj-column><mj-text>Mine: {{ title }}</mj-text></mj-column></mj-section></mj-body></mjml>";
    desk.write("templates/newsletter.mjml", own);
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10").has(DONE);
    assert!(desk.read("newsletters/2017-07-10.html").contains("Mine: 3 articles and 1 deal"));
    desk.write("content/articles/late.md", article("It came late", "2017-07-03", ""));
    for (from, to, code) in [
        ("mj-column>", "mj-colum>", "E1105"),
        ("<mj-text>", "<mj-txt>", "E1105"),
        ("</mj-body>", "", "E1105"),
        ("{{ title }}", "{{ titel }}", "E1101"),
    ] {
        desk.write("templates/newsletter.mjml", own.replace(from, to));
        for command in ["newsletter --as-of 2017-07-12", "check"] {
            desk.type_in(command).has(FINDINGS).says(&format!("error[{code}]")).says("templates/newsletter.mjml");
        }
    }
    desk.write("templates/newsletter.mjml", own.replace("Mine", &"Mine ".repeat(20_000)));
    desk.type_in("newsletter --as-of 2017-07-12").has(FINDINGS).says("error[E1105]").says("without a single item");
}

#[test]
fn it_speaks_the_language_of_the_site() {
    let desk = site();
    desk.write("site.toml", format!("language = \"zh-Hans\"\n{SETTINGS}"));
    desk.type_in("newsletter --since 2017-07-01 --as-of 2017-07-10")
        .has(DONE)
        .says("3篇文章与1项交易，2017年7月1日至10日");
    let html = desk.read("newsletters/2017-07-10.html");
    assert!(html.contains("lang=\"zh-Hans\"") && html.contains("退订"), "{html}");
}
