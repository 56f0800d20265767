//! Who may look: the owner of the terminal, on this machine, or whoever was given the address that was printed.

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use std::net::IpAddr;

/// The cookie that says that its bearer was given the address.
const COOKIE: &str = "dealwire-preview";

/// Whom the server answers.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The name under which the server was asked to listen, where that is one.
    pub host: String,
    /// What the address has to carry where others than this machine can reach the server.
    pub token: Option<String>,
}

/// What a request is let do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Be answered.
    Pass,
    /// Come back without the token, with this cookie.
    Welcome {
        /// The value of `Set-Cookie`.
        cookie: String,
        /// The path and query without the token.
        to: String,
    },
    /// Go away: the status, and one line for whoever typed it.
    Refuse(StatusCode, &'static str),
}

impl Guard {
    /// Judges a request by its method, its host, and what it brings.
    #[must_use]
    pub fn judge(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Verdict {
        if method != Method::GET && method != Method::HEAD {
            return Verdict::Refuse(StatusCode::METHOD_NOT_ALLOWED, "a preview is only to be read: GET and HEAD");
        }
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (hosts.next().and_then(|h| h.to_str().ok()), hosts.next(), uri.authority()) {
            (Some(host), None, authority) if authority.is_none_or(|a| a.as_str() == host) => host,
            _ => return Verdict::Refuse(StatusCode::BAD_REQUEST, "the request names no host, or two"),
        };
        if !self.is_ours(host) {
            return Verdict::Refuse(
                StatusCode::MISDIRECTED_REQUEST,
                "this preview answers to its own address alone, not to the name in this request",
            );
        }
        let Some(token) = &self.token else { return Verdict::Pass };
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|c| c.to_str().ok());
        let brought = cookies.flat_map(|c| c.split(';')).filter_map(|c| c.trim().split_once('='));
        if brought.into_iter().any(|(name, value)| name == COOKIE && is_same(value, token)) {
            return Verdict::Pass;
        }
        let mut given = None;
        let others: Vec<&str> = uri
            .query()
            .into_iter()
            .flat_map(|q| q.split('&'))
            .filter(|pair| {
                let own = pair.strip_prefix("token=");
                given = given.or(own);
                own.is_none()
            })
            .collect();
        // Browsers take a backslash for a slash: both could lead to another host.
        let is_here = !uri.path().starts_with("//") && !uri.path().contains('\\');
        if given.is_some_and(|g| is_same(g, token)) && is_here {
            let query = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
            let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
            return Verdict::Welcome { cookie, to: format!("{}{query}", uri.path()) };
        }
        Verdict::Refuse(StatusCode::FORBIDDEN, "open the address that the terminal printed: it carries a token")
    }

    /// Whether a `Host` header names this server. Names that anybody can point at this machine are not ours.
    fn is_ours(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port))
                if port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
            {
                name
            }
            _ => host,
        };
        let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return self.token.is_some() || address.is_loopback();
        }
        let name = name.trim_end_matches('.');
        name.eq_ignore_ascii_case("localhost") || self.token.is_some() && name.eq_ignore_ascii_case(&self.host)
    }
}

/// Whether a page of the preview itself asks. What browsers send from elsewhere says so.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap) -> bool {
    let all =
        |name: &str, fits: &dyn Fn(&str) -> bool| headers.get_all(name).iter().all(|v| v.to_str().is_ok_and(fits));
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    all("origin", &|o| o.strip_prefix("http://") == Some(host)) && all("sec-fetch-site", &|s| s == "same-origin")
}

/// Compares secrets without telling by the time it takes how far they agree.
fn is_same(a: &str, b: &str) -> bool {
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(guard: &Guard, host: &str, uri: &str, cookie: &str) -> Verdict {
        let mut headers = HeaderMap::new();
        headers.insert("host", host.parse().expect("a header"));
        if !cookie.is_empty() {
            headers.insert("cookie", cookie.parse().expect("a header"));
        }
        guard.judge(&Method::GET, &uri.parse().expect("a URI"), &headers)
    }

    #[test]
    fn hosts_that_others_can_point_here_are_not_ours() {
        let own = Guard { host: "127.0.0.1".into(), token: None };
        for host in
            ["127.0.0.1", "127.0.0.1:4650", "localhost:1", "LOCALHOST", "[::1]:4650", "localhost.", "127.9.9.9:80"]
        {
            assert_eq!(judged(&own, host, "/", ""), Verdict::Pass, "{host}");
        }
        for host in [
            "evil.test",
            "evil.test:4650",
            "127.0.0.1.evil.test",
            "localhost.evil.test",
            "192.168.1.7:4650",
            "0.0.0.0",
            "[::]",
            "localhost@evil.test",
            "evil.test#localhost",
            "127.0.0.1:4650:1",
            "",
            "169.254.169.254",
            "[fe80::1]",
        ] {
            assert!(matches!(judged(&own, host, "/", ""), Verdict::Refuse(..)), "{host}");
        }
    }

    #[test]
    fn a_token_opens_once_and_the_cookie_from_then_on() {
        let open = Guard { host: "desk.lan".into(), token: Some("abc".into()) };
        assert!(matches!(judged(&open, "desk.lan", "/", ""), Verdict::Refuse(StatusCode::FORBIDDEN, _)));
        assert!(matches!(judged(&open, "desk.lan", "/?token=abd", ""), Verdict::Refuse(..)));
        assert!(matches!(judged(&open, "evil.test", "/?token=abc", ""), Verdict::Refuse(..)));
        let Verdict::Welcome { cookie, to } = judged(&open, "192.168.1.7:4650", "/a/?x=1&token=abc", "") else {
            panic!("the token opens")
        };
        assert_eq!(to, "/a/?x=1");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assert_eq!(judged(&open, "desk.lan", "/", "a=b; dealwire-preview=abc"), Verdict::Pass);
        assert!(matches!(judged(&open, "desk.lan", "/", "dealwire-preview=ab"), Verdict::Refuse(..)));
    }
}
