//! Entries of feeds: an article's text with absolute addresses, as Atom and as JSON, made once for all that carry it.

use super::here::{Here, page_of_text};
use super::markdown;
use super::{Piece, Press, feeds, jsonfeed};
use crate::catalogue::Noun;
use crate::diagnostic::Diagnostic;
use crate::model::{Article, Output, Texts};
use crate::pages::{Atlas, Body, FeedView, Item, Page, Syntax};
use std::borrow::Cow;
use std::io;

fn written<T>(made: io::Result<T>) -> Result<T, Diagnostic> {
    made.map_err(|e| Diagnostic::bare("E1204", e.to_string()))
}

impl Press {
    /// An article's entry of the feeds that carry it.
    #[must_use]
    pub fn feed_piece(&self, a: &Article, atlas: &Atlas<'_>, texts: &dyn Texts) -> Option<Piece> {
        let both = self.with_entry(a, atlas, texts, |e| {
            Ok(Piece::entry(feeds::entry(atlas.site, e)?, jsonfeed::item(atlas.site, e)?))
        });
        both.ok()
    }

    fn with_entry<T>(
        &self,
        a: &Article,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
        then: impl FnOnce(&feeds::Entry<'_>) -> io::Result<T>,
    ) -> Result<T, Diagnostic> {
        let body = Body { common: &a.common, noun: Noun::Article, article: Some(a) };
        let text = self.text(&body, atlas, texts, &self.origin)?;
        let authors = a.authors.iter().filter_map(|id| atlas.link(Noun::Person, id));
        let entry = feeds::Entry {
            article: a,
            address: atlas.address(&Page::Article(a.common.id.clone())),
            html: text.html,
            authors: authors.map(|l| (l.title.to_owned(), l.url.map(|u| format!("{}{u}", self.origin)))).collect(),
            tags: a.tags.iter().filter_map(|t| atlas.link(Noun::Tag, t)).map(|l| l.title.to_owned()).collect(),
        };
        written(then(&entry))
    }

    fn item(
        &self,
        item: &Item<'_>,
        syntax: Syntax,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Result<Vec<u8>, Diagnostic> {
        let (site, a) = (atlas.site, item.article);
        if item.correction.is_some() {
            let address = atlas.address(&Page::Article(a.common.id.clone()));
            return written(match syntax {
                Syntax::Atom => feeds::correction(site, atlas.words, item, &address),
                Syntax::Json => jsonfeed::correction(site, atlas.words, item, &address),
            });
        }
        self.with_entry(a, atlas, texts, |e| match syntax {
            Syntax::Atom => feeds::entry(site, e),
            Syntax::Json => jsonfeed::item(site, e),
        })
    }

    /// A feed.
    pub(super) fn feed(&self, feed: &FeedView<'_>, atlas: &Atlas<'_>, texts: &dyn Texts) -> Result<Output, Diagnostic> {
        let mut items = Vec::with_capacity(feed.items.len());
        for item in &feed.items {
            let ready = if item.correction.is_some() {
                None
            } else {
                atlas.ready.feed_entry(&item.article.common.id, feed.syntax)
            };
            items.push(match ready {
                Some(bytes) => Cow::Borrowed(bytes),
                None => Cow::Owned(self.item(item, feed.syntax, atlas, texts)?),
            });
        }
        written(match feed.syntax {
            Syntax::Atom => feeds::atom(atlas.site, feed, &items),
            Syntax::Json => jsonfeed::feed(atlas.site, feed, &items),
        })
        .map(Output::plain)
    }

    /// The text of an entry as Markdown with absolute addresses.
    pub(super) fn plain_text(
        &self,
        body: &Body<'_>,
        atlas: &Atlas<'_>,
        texts: &dyn Texts,
    ) -> Result<String, Diagnostic> {
        let common = body.common;
        let bytes = texts.bytes(&common.file)?;
        let source = bytes.get(common.body..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
        let page = page_of_text(atlas, body.noun, common);
        let here =
            Here { press: self, atlas, texts, common, noun: body.noun, page, linked: None, origin: &self.origin };
        Ok(markdown::plain(source, &here))
    }
}
