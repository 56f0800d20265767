//! Text as HTML: escaping, and what raw HTML may keep. Never prints a page.

/// Text as it stands in HTML, attributes included.
pub fn escape(text: &str, out: &mut String) {
    out.reserve(text.len());
    let mut done = 0;
    for (at, b) in text.bytes().enumerate() {
        let written = match b {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(written);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// The words of a piece of HTML, without tags, comments, scripts and styles.
pub(super) fn words(html: &str) -> String {
    let text = ammonia::Builder::empty().clean(html).to_string();
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", "\""), ("&amp;", "&")];
    plain.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// Takes out of HTML what could run code or reach outside (ammonia).
pub(super) fn sanitise(html: &str, base: Option<&str>) -> String {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tags([
            "aside",
            "figure",
            "figcaption",
            "section",
            "input",
            "sup",
            "sub",
            "abbr",
            "mark",
            "details",
            "summary",
            "picture",
            "source",
        ])
        .add_generic_attributes(["id", "class", "lang", "dir", "title", "role", "aria-label", "tabindex"])
        .add_tag_attributes("input", ["type", "disabled", "checked"])
        .add_tag_attributes("img", ["loading", "decoding", "width", "height", "alt", "src"])
        .add_tag_attributes("source", ["type", "srcset", "sizes"])
        .add_tag_attributes("a", ["rel", "href"])
        .add_tag_attribute_values("td", "style", ["text-align: right", "text-align: left", "text-align: center"])
        .add_tag_attribute_values("th", "style", ["text-align: right", "text-align: left", "text-align: center"])
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(None);
    if let Some(base) = base.and_then(|b| ammonia::Url::parse(b).ok()) {
        cleaner.url_relative(ammonia::UrlRelative::RewriteWithBase(base));
    }
    cleaner.clean(html).to_string()
}
