//! The table `[newsletter]` of site.toml: who writes, and where readers answer and sign off. Knows no content.

use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// A name and an address of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that is shown; may be empty.
    pub name: String,
    /// Such as `desk@example.com`.
    pub address: String,
}

impl Mailbox {
    /// Reads `desk@example.com`, or `The Desk <desk@example.com>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => rest.rsplit_once('<').map(|(name, address)| (name.trim(), address))?,
            None => ("", text),
        };
        let name = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
        let fits = !name.contains(['<', '>', '"']) && !text.contains(char::is_control) && is_address(address);
        fits.then(|| Self { name: name.to_owned(), address: address.to_owned() })
    }
}

/// Whether a text is an address of mail as RFC 5321 has it without quotes: letters, digits and signs, `@`, a host.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    local.len() <= 64
        && host.len() <= 255
        && host.contains('.')
        && local.split('.').all(atom)
        && host.split('.').all(label)
}

/// The table as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    from: Option<Spanned<String>>,
    reply_to: Option<Spanned<String>>,
    unsubscribe: Option<Spanned<String>>,
    intro: Option<String>,
}

/// What site.toml says of newsletters.
#[derive(Clone, Debug, Default)]
pub struct Newsletter {
    /// Who sends them; none where no mail can be made.
    pub from: Option<Mailbox>,
    /// To whom answers go, where not to the sender.
    pub reply_to: Option<Mailbox>,
    /// Where readers sign off: `https:` or `mailto:`.
    pub unsubscribe: Option<String>,
    /// A sentence above what is new.
    pub intro: Option<String>,
}

/// Reads the table. Finds what is no address (E1002).
pub(super) fn read(file: &FileId, raw: Raw, findings: &mut Vec<Diagnostic>) -> Newsletter {
    let mut find = |span: Range<usize>, message: String, label: &str| {
        findings.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).label(label));
    };
    let mut mailbox = |text: Option<Spanned<String>>| {
        let text = text?;
        let mailbox = Mailbox::parse(text.get_ref());
        if mailbox.is_none() {
            let label = "expected desk@example.com, or The Desk <desk@example.com>";
            find(text.span(), format!("`{}` is no address of mail", text.get_ref()), label);
        }
        mailbox
    };
    let (from, reply_to) = (mailbox(raw.from), mailbox(raw.reply_to));
    let unsubscribe = raw.unsubscribe.and_then(|text| {
        let url = text.get_ref();
        let is_mail = url.strip_prefix("mailto:").is_some_and(|a| is_address(a.split('?').next().unwrap_or_default()));
        let is_web = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        let fits = url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b));
        if fits && (is_mail || is_web) {
            return Some(text.into_inner());
        }
        find(text.span(), format!("`{url}` is no address to sign off at"), "expected https://… or mailto:…");
        None
    });
    Newsletter { from, reply_to, unsubscribe, intro: raw.intro.filter(|text| !text.trim().is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail() {
        let read = |text| Mailbox::parse(text).map(|m| (m.name, m.address));
        let is = |name: &str, address: &str| Some((name.to_owned(), address.to_owned()));
        assert_eq!(read("desk@example.com"), is("", "desk@example.com"));
        assert_eq!(read("The Desk <desk+x@mail.example.com>"), is("The Desk", "desk+x@mail.example.com"));
        assert_eq!(read("\"Desk, The\" <a.b@example.com>"), is("Desk, The", "a.b@example.com"));
        assert_eq!(read("中国交易台 <desk@example.com>"), is("中国交易台", "desk@example.com"));
        for text in [
            "",
            "desk",
            "desk@",
            "@example.com",
            "a b@example.com",
            "a@b",
            "a..b@example.com",
            "a@-b.com",
            "x <a@b.com",
            "a@b.com>",
            "x\n <a@b.com>",
            "a@b.com, c@d.com",
            "<<a@b.com>",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
