//! Whether an SVG file could run code or load something when a reader opens it, and its size. Reads no disk; changes nothing in the file.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements that run code, hold other documents, or change addresses later.
const ACTIVE: [&str; 10] =
    ["script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "set", "animate", "audio"];

/// Elements that show what lies at an address.
const LOADING: [&str; 4] = ["image", "use", "feimage", "video"];

/// Whether a style loads something that is not in the drawing.
fn loads(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let elsewhere = |rest: &str| {
        let address = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\'' || c == '"');
        !address.starts_with('#') && !address.starts_with("data:")
    };
    style.contains("@import") || style.split("url(").skip(1).any(elsewhere)
}

/// What in a drawing could run code, in words; `None` for a plain one.
pub fn active(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("text that is not UTF-8".to_owned()) };
    let mut reader = Reader::from_str(text);
    let (mut depth, mut in_style) = (0_usize, false);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) if depth > 0 => return Some("an element that does not end".to_owned()),
            Ok(Event::Eof) => return None,
            Ok(Event::Start(e)) => {
                depth += 1;
                in_style = e.local_name().as_ref().eq_ignore_ascii_case("style");
                if let Some(found) = element(&e) {
                    return Some(found);
                }
            }
            Ok(Event::Empty(e)) => {
                if let Some(found) = element(&e) {
                    return Some(found);
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(t)) if in_style && loads(&t) => return Some("a style that loads something".to_owned()),
            Ok(Event::CData(t)) if in_style && loads(&t) => return Some("a style that loads something".to_owned()),
            Ok(Event::PI(_)) => return Some("a processing instruction".to_owned()),
            // A plain declaration is what many programs write; one with entities can spell anything.
            Ok(Event::DocType(d)) if d.contains('[') => return Some("a list of entities".to_owned()),
            Ok(_) => {}
            Err(_) => return Some("markup that is not XML".to_owned()),
        }
    }
}

/// The size of a drawing in pixels, by its `width` and `height`, else by its `viewBox`.
pub fn size(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut reader = Reader::from_str(std::str::from_utf8(bytes).ok()?);
    let root = loop {
        match reader.read_event().ok()? {
            Event::Start(e) | Event::Empty(e) => break e.into_owned(),
            Event::Eof => return None,
            _ => {}
        }
    };
    let said = |name: &str| {
        let of = |a: &quick_xml::events::attributes::Attribute<'_>| a.key.local_name().as_ref() == name;
        root.attributes().flatten().find(of).map(|a| a.value.to_string())
    };
    let pixels = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let of = |name: &str| said(name).and_then(|side| pixels(&side));
    let boxed = || {
        let all = said("viewBox")?;
        let mut sides = all.split([' ', ',']).filter(|t| !t.is_empty()).skip(2).map(pixels);
        Some((sides.next()??, sides.next()??))
    };
    let sides = of("width").zip(of("height")).or_else(boxed)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at")]
    let whole = |n: f64| (1.0..100_000.0).contains(&n).then(|| n.round() as usize);
    Some((whole(sides.0)?, whole(sides.1)?))
}

fn element(e: &BytesStart<'_>) -> Option<String> {
    let name = e.local_name().as_ref().to_ascii_lowercase();
    if ACTIVE.contains(&name.as_str()) {
        return Some(format!("<{name}>"));
    }
    for attribute in e.attributes() {
        let Ok(attribute) = attribute else { return Some("an attribute that is not XML".to_owned()) };
        let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
        if key.starts_with("on") {
            return Some(format!("the attribute {key}"));
        }
        let Ok(value) = quick_xml::escape::unescape(&attribute.value) else {
            return Some("an unknown entity".to_owned());
        };
        let address: String =
            value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_ascii_lowercase();
        let harmless = address.starts_with("data:image/") && !address.starts_with("data:image/svg");
        let scheme = ["javascript:", "vbscript:", "data:"].iter().any(|s| address.starts_with(s));
        if key == "href" && scheme && !harmless {
            return Some(format!("an address of the kind {}", address.split(':').next().unwrap_or("")));
        }
        let is_part = LOADING.contains(&name.as_str()) && ["href", "src"].contains(&key.as_str());
        if is_part && !address.is_empty() && !address.starts_with('#') && !harmless || loads(&value) {
            return Some(format!(
                "a part that lies elsewhere: {key}=\"{}\"",
                value.chars().take(60).collect::<String>()
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_says_its_size() {
        for (root, is) in [
            ("width=\"300\" height=\"200px\"", Some((300, 200))),
            ("viewBox=\"0 0 30.4 20\"", Some((30, 20))),
            ("width=\"100%\" height=\"100%\" viewBox=\"0,0,64,48\"", Some((64, 48))),
            ("width=\"300\"", None),
            ("viewBox=\"0 0 -1 0\"", None),
        ] {
            assert_eq!(size(format!("<?xml version=\"1.0\"?><!-- a --><svg {root}/>").as_bytes()), is, "{root}");
        }
    }

    #[test]
    fn plain_drawings_pass_and_others_do_not() {
        let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        for plain in [
            svg("<path d=\"M0 0\"/><text>on a = b url(x)</text><style>a{fill:red;mask:url(#m)}</style>"),
            svg("<rect fill=\"url(#g)\" style=\"clip-path: url('#c')\"/>"),
            svg("<use href=\"#a\"/><image href=\"data:image/png;base64,AA\"/><a href=\"https://a.test/\">x</a>"),
            format!("<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"a\" \"b\">{}", svg("<!-- <script> -->")),
        ] {
            assert_eq!(active(plain.as_bytes()), None, "{plain}");
        }
        for bad in [
            svg("<script>a()</script>"),
            svg("<x:SCRIPT xmlns:x=\"http://www.w3.org/2000/svg\"/>"),
            svg("<rect onload=\"a()\"/>"),
            svg("<a xlink:href=\"java&#x73;cript:a()\"/>"),
            svg("<a href=\" java\nscript:a()\"/>"),
            svg("<use href=\"data:image/svg+xml,x\"/>"),
            svg("<foreignObject/>"),
            svg("<image href=\"https://a.test/x.png\"/>"),
            svg("<use xlink:href=\"other.svg#a\"/>"),
            svg("<rect fill=\"url(https://a.test/x)\"/>"),
            svg("<style>@import 'x.css';</style>"),
            svg("<style><![CDATA[a{background:url(//a.test/x)}]]></style>"),
            svg("<set attributeName=\"href\" to=\"javascript:a()\"/>"),
            format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", svg("&a;")),
            format!("<?xml-stylesheet href=\"x\"?>{}", svg("")),
            "<svg><script>a()".to_owned(),
            "<svg><b></svg>".to_owned(),
        ] {
            assert!(active(bad.as_bytes()).is_some(), "{bad}");
        }
    }
}
