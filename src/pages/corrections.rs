//! The page of everything that was wrong. Prints nothing.

use super::shapes::{Day, Link};
use super::view::{Document, Subject, Values};
use super::{Atlas, Channel, Page, Sheet};
use crate::model::{Article, Correction};
use serde::Serialize;

/// A correction with its article.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line<'a> {
    date: Day,
    kind: &'a str,
    label: &'a str,
    text: &'a str,
    article: Link<'a>,
    language: Option<&'a str>,
}

/// What `corrections.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionsPage<'a> {
    title: &'a str,
    items: Vec<Line<'a>>,
    total: usize,
    newer: Option<String>,
    older: Option<String>,
    first: bool,
}

impl<'a> Atlas<'a> {
    /// Corrections and clarifications, newest first, each with its article and its place among the article's.
    pub(super) fn corrections(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&'a Article, &'a Correction, usize)> + use<'a> {
        let catalogue = self.catalogue;
        catalogue.lists().corrected.iter().rev().filter_map(move |(_, id, n)| {
            let article = catalogue.article(id)?;
            let correction = article.corrections.get(*n)?;
            Some((&**article, correction, *n))
        })
    }

    pub(super) fn correction_line(&self, article: &'a Article, c: &'a Correction) -> Line<'a> {
        Line {
            date: self.day(c.date),
            kind: &c.kind,
            label: self.words.text(&c.kind),
            text: &c.text,
            article: Link {
                title: &article.common.title,
                url: Some(self.path(&Page::Article(article.common.id.clone())).into()),
            },
            language: article.common.language.as_deref(),
        }
    }

    pub(super) fn corrections_page(&self, page: &Page, sheet: Sheet) -> Option<Document<'a>> {
        let (size, total) = self.extent(page);
        let (from, to) = sheet.range(total, size)?;
        let at = |s: Sheet| self.path(&Page::Corrections(s));
        let (title, suffix) = (self.words.text("corrections"), self.page_suffix(sheet));
        let named = [("site", (&self.site.title).into()), ("page", (&suffix).into())];
        let description = self.words.with("corrections-described", &named);
        let mut head = self.head(page, "corrections", format!("{title}{suffix}"), description);
        head.subject = Subject::Collection;
        head.feed = self.feed_link(&Channel::Corrections);
        self.arrive(&mut head, title, &Page::Corrections(Sheet::HEAD), sheet);
        let values = CorrectionsPage {
            title,
            items: self
                .corrections()
                .skip(total - to)
                .take(to - from)
                .map(|(a, c, _)| self.correction_line(a, c))
                .collect(),
            total,
            newer: sheet.forth(total, size).map(at),
            older: sheet.back(total, size).map(at),
            first: sheet == Sheet::HEAD,
        };
        Some(Document { template: "corrections.html", head, body: None, values: Values::Corrections(Box::new(values)) })
    }
}
