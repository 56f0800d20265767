//! What a file is served as. Pure: from its name alone.

/// The media type of a file of a site by its path, with the character set of texts.
#[must_use]
pub(super) fn media_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let known = match name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).as_deref() {
        None if ["_headers", "_redirects"].contains(&name) => "text/plain",
        None => "application/octet-stream",
        Some("xml") if name == "feed.xml" => "application/atom+xml",
        Some("xml") => "application/xml",
        Some("json") if name == "feed.json" => "application/feed+json",
        Some("opml") => "text/x-opml",
        Some("md") => "text/markdown",
        Some("speculationrules") => "application/speculationrules+json",
        Some("webmanifest") => "application/manifest+json",
        Some(_) => mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream"),
    };
    let is_text = known.starts_with("text/")
        || known.ends_with("+xml")
        || ["application/xml", "application/json", "application/javascript"].contains(&known);
    if is_text { format!("{known}; charset=utf-8") } else { known.to_owned() }
}
