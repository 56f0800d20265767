//! `[newsletter]` of site.toml: who sends it, and what stands in each.

use crate::diagnostic::{Diagnostic, FileId, Span};
use serde::Deserialize;
use toml::Spanned;

/// Somebody's address, with a name where one is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// As mail programs show it.
    pub name: Option<String>,
    /// `somebody@host`.
    pub address: String,
}

impl Mailbox {
    /// Reads `desk@example.com` or `The Desk <desk@example.com>`; nothing where it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, address) = match text.trim().strip_suffix('>').and_then(|t| t.split_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address.trim()),
            None => ("", text.trim()),
        };
        let (user, host) = address.rsplit_once('@')?;
        let plain = |t: &str| !t.is_empty() && !t.contains(|c: char| c.is_whitespace() || "<>@,;:\"()[]\\".contains(c));
        let fits = plain(user)
            && plain(host)
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !name.contains(['<', '>', '\n', '\r']);
        let name = Some(name).filter(|n| !n.is_empty()).map(str::to_owned);
        fits.then(|| Self { name, address: address.to_owned() })
    }
}

/// What a newsletter needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newsletter {
    /// Who sends it.
    pub from: Option<Mailbox>,
    /// Who gets the answers, where that is another.
    pub reply_to: Option<Mailbox>,
    /// Where readers say that they want no more of it: an address of the web, or `mailto:`.
    pub unsubscribe: Option<String>,
    /// Stands before everything.
    pub intro: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    from: Option<Spanned<String>>,
    reply_to: Option<Spanned<String>>,
    unsubscribe: Option<Spanned<String>>,
    intro: String,
}

impl Raw {
    pub(super) fn read(self, file: &FileId, wrong: &mut Vec<Diagnostic>) -> Newsletter {
        let mut mailbox = |given: Option<Spanned<String>>| {
            let given = given?;
            let read = Mailbox::parse(given.get_ref());
            if read.is_none() {
                let span = Span::new(given.span().start, given.span().end);
                let message = format!("`{}` is no address of somebody", given.get_ref());
                let help = "write \"desk@example.com\", or \"The Desk <desk@example.com>\"";
                wrong.push(Diagnostic::at("E1002", file, span, message).help(help));
            }
            read
        };
        let (from, reply_to) = (mailbox(self.from), mailbox(self.reply_to));
        let unsubscribe = self.unsubscribe.map(|given| {
            let (text, span) = (given.get_ref().clone(), given.span());
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("mailto:"));
            if rest.is_none_or(|r| r.is_empty() || r.contains(|c: char| !c.is_ascii_graphic() || "<>\"".contains(c))) {
                let message = format!("`{text}` is no address where somebody can say so");
                let help = "write \"https://example.com/unsubscribe\", or \"mailto:leave@example.com\"";
                wrong.push(Diagnostic::at("E1002", file, Span::new(span.start, span.end), message).help(help));
            }
            text
        });
        Newsletter { from, reply_to, unsubscribe, intro: self.intro }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_addresses_with_or_without_a_name() {
        let of = |name: Option<&str>, address: &str| {
            Some(Mailbox { name: name.map(str::to_owned), address: address.to_owned() })
        };
        assert_eq!(Mailbox::parse("desk@example.com"), of(None, "desk@example.com"));
        assert_eq!(Mailbox::parse("The Desk <desk@example.com>"), of(Some("The Desk"), "desk@example.com"));
        assert_eq!(Mailbox::parse("\"中国交易台\" <d@例え.jp>"), of(Some("中国交易台"), "d@例え.jp"));
        for wrong in ["", "desk", "@example.com", "a@b", "a b@example.com", "a@example.com, b@example.com", "<a@.com>"]
        {
            assert_eq!(Mailbox::parse(wrong), None, "{wrong}");
        }
    }
}
