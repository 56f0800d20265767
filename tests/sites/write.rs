//! Writes the things of a plan as files, in YAML or TOML.

use super::{Plan, Sort, Thing};
use std::fmt::Write as _;

/// A value of front matter.
enum V {
    Text(String),
    Plain(String),
    List(Vec<V>),
    Map(Vec<(&'static str, V)>),
}

fn text(t: impl Into<String>) -> V {
    V::Text(t.into())
}

fn texts(all: impl IntoIterator<Item = String>) -> V {
    V::List(all.into_iter().map(V::Text).collect())
}

/// Both YAML and TOML read such a string.
fn quoted(t: &str) -> String {
    format!("\"{}\"", t.replace('\\', "\\\\").replace('"', "\\\""))
}

fn inline(v: &V, toml: bool) -> String {
    match v {
        V::Text(t) => quoted(t),
        V::Plain(t) => t.clone(),
        V::List(all) => format!("[{}]", all.iter().map(|v| inline(v, toml)).collect::<Vec<_>>().join(", ")),
        V::Map(all) => {
            let sign = if toml { " =" } else { ":" };
            let pairs: Vec<String> = all.iter().map(|(k, v)| format!("{k}{sign} {}", inline(v, toml))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

fn front(fields: &[(&'static str, V)], toml: bool) -> String {
    let (fence, sign) = if toml { ("+++", " =") } else { ("---", ":") };
    let mut out = format!("{fence}\n");
    for (k, v) in fields {
        let _ = writeln!(out, "{k}{sign} {}", inline(v, toml));
    }
    out.push_str(fence);
    out.push('\n');
    out
}

/// The smallest PNG, with words after its end.
pub fn png(words: &str) -> Vec<u8> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
        \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
    [PNG, words.as_bytes()].concat()
}

impl Plan {
    /// The text of a thing's file.
    pub fn text(&self, i: usize) -> String {
        let t = &self.things[i];
        format!("{}\n{}", front(&self.fields(t), t.toml), self.body(t))
    }

    /// The same in the other language of front matter.
    pub fn twin(&self, i: usize) -> String {
        let t = &self.things[i];
        format!("{}\n{}", front(&self.fields(t), !t.toml), self.body(t))
    }

    fn ids(&self, all: &[usize]) -> V {
        texts(all.iter().map(|i| self.things[*i].id.clone()))
    }

    fn fields(&self, t: &Thing) -> Vec<(&'static str, V)> {
        let named = matches!(t.sort, Sort::Company | Sort::Person);
        let mut f = vec![(if named { "name" } else { "title" }, text(&t.name))];
        f.push(("description", text(format!("What {} is & does: “{}”.", t.tokens[0], t.tokens[0]))));
        let mut put = |key, value: Option<V>| f.extend(value.map(|v| (key, v)));
        let list = |all: &[usize]| (!all.is_empty()).then(|| self.ids(all));
        put("date", t.date.map(|d| text(d.to_string())));
        put("draft", t.draft.then(|| V::Plain("true".into())));
        put("embargo", t.embargo.map(|d| text(d.to_string())));
        put("expires", t.expires.map(|d| text(d.to_string())));
        put("parent", t.parent.map(|p| text(&self.things[p].id)));
        put("authors", list(&t.authors));
        put("tags", list(&t.tags));
        put("threads", list(&t.threads));
        put("mentions", list(&t.mentions));
        put("covers", list(&t.covers));
        put("slug", t.slug.as_ref().map(text));
        let addresses = (!t.aliases.is_empty()).then(|| texts(t.aliases.iter().cloned()));
        put(if named { "redirects" } else { "aliases" }, addresses);
        if named {
            put("aliases", Some(texts([format!("{} Oyj", t.tokens[1]), format!("{}公司", t.tokens[2])])));
        }
        if t.sort == Sort::Tag {
            put("synonyms", Some(texts([t.tokens[1].clone()])));
        }
        if t.sort == Sort::Article {
            put("extra", Some(V::Map(vec![("note", text(format!("</script> {}", t.tokens[1])))])));
            put("dateline", Some(text(format!("Zürich {} {}", t.tokens[2], t.tokens[3]))));
            let image = t.images.first().filter(|f| !f.contains(' '));
            put(
                "image",
                image.map(|src| V::Map(vec![("src", text(src)), ("alt", text(format!("Picture {}", t.tokens[1])))])),
            );
        }
        if matches!(t.sort, Sort::Article | Sort::Deal) {
            let source = V::Map(vec![
                ("id", text("wire")),
                ("publisher", text(format!("Wire {}", t.tokens[1]))),
                ("url", text(format!("https://wire.example/{}?a=1&b=2", t.tokens[2]))),
            ]);
            put("sources", Some(V::List(vec![source])));
        }
        if !t.posts.is_empty() {
            let posts = t.posts.iter().map(|c| {
                V::Map(vec![("company", text(&self.things[*c].id)), ("title", text(format!("Head {}", t.tokens[1])))])
            });
            put("posts", Some(V::List(posts.collect())));
        }
        if let Some(deal) = t.updates {
            let day = t.eve(self.as_of);
            let step = V::Map(vec![
                ("deal", text(&self.things[deal].id)),
                ("state", text("approved")),
                ("date", text(day.to_string())),
                ("note", text(format!("Seen by {}", t.tokens[2]))),
            ]);
            put("updates", Some(V::List(vec![step])));
        }
        put("deal", self.record(t).map(V::Map));
        f
    }

    fn record(&self, t: &Thing) -> Option<Vec<(&'static str, V)>> {
        let r = t.record.as_ref()?;
        let id = |i: usize| text(&self.things[i].id);
        let party = |i: usize, roles: &[&str]| {
            let key = if self.things[i].sort == Sort::Person { "person" } else { "company" };
            V::Map(vec![(key, id(i)), ("roles", texts(roles.iter().map(|r| (*r).to_owned())))])
        };
        let (kind, mut parties, value) = match r.shape {
            0 => (
                "acquisition",
                vec![party(r.a, &["acquirer"]), party(r.b, &["target"])],
                text(format!("EUR {}m", r.amount / 1000)),
            ),
            1 => ("partnership", vec![party(r.a, &["partner"]), party(r.b, &["partner"])], text("none")),
            2 => (
                "patent_licence",
                vec![party(r.a, &["licensor"]), party(r.b, &["licensee"])],
                V::Map(vec![(
                    "royalty",
                    V::Map(vec![("percent", V::Plain("2.5".into())), ("per", text(format!("set {}", t.tokens[2])))]),
                )]),
            ),
            3 => (
                "supply",
                vec![party(r.a, &["supplier"]), party(r.b, &["customer"])],
                text(format!("USD {}", r.amount)),
            ),
            _ => ("appointment", vec![party(r.a, &["employer"]), party(r.b, &["appointee"])], text("none")),
        };
        parties.extend(r.c.map(|c| party(c, &["adviser"])));
        let step = V::Map(vec![
            ("state", text("announced")),
            ("date", text(r.step.to_string())),
            ("source", text("wire")),
            ("note", text(format!("As {} said", t.tokens[2]))),
        ]);
        Some(vec![
            ("kind", text(kind)),
            ("title", text(format!("Deal {}", t.tokens[0]))),
            ("parties", V::List(parties)),
            ("status", V::List(vec![step])),
            ("value", value),
        ])
    }

    fn body(&self, t: &Thing) -> String {
        let mut out = format!(
            "Lead of {} with *{}*.\n\n## History {}\n\nIn short: {}.\n\n",
            t.tokens[0], t.tokens[1], t.tokens[2], t.tokens[3]
        );
        for i in &t.named {
            let _ = writeln!(out, "As {} said, nothing was new.\n", self.things[*i].name);
        }
        let up = "../".repeat(t.folder().matches('/').count());
        for i in &t.links {
            let other = &self.things[*i];
            let below = other.path().strip_prefix("content/").expect("content").to_owned();
            let _ = writeln!(out, "More of it [here]({up}{below}).\n");
        }
        for image in &t.images {
            let _ = writeln!(out, "![Picture of {}](<{}>)\n", t.tokens[1], image.replace(' ', "%20"));
        }
        out
    }
}
