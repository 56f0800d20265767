//! `dealwire serve`: the site in a browser while it is written. Saved is seen; what is broken leaves what was good.

mod checker;
mod editor;
mod guide;
mod notes;
mod stage;

use super::bar::Bar;
use super::{Common, Format, check, code, load, report};
use crate::diagnostic::{Diagnostic, FileId};
use crate::edition::Edition;
use crate::model::{Audience, Change};
use crate::sink::preview;
use crate::site::Site;
use crate::source::{Live, Survey};
use crate::{entry, source};
use editor::Editor;
use stage::Preview;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::net::{IpAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The port that is tried first.
const PORT: u16 = 4650;
/// How many ports from there on are tried.
const TRIED: u16 = 50;

/// What the command takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The port; else 4650, or the next one that is free
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The address to listen at; one that other machines reach is guarded by a token
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Show what readers would get: no drafts, nothing under embargo, nothing of the future
    #[arg(long, conflicts_with = "drafts")]
    as_public: bool,
    /// Look at all files twice a second instead of waiting for the system's notices
    #[arg(long)]
    poll: bool,
}

/// Runs the command; returns its exit code.
pub fn run(c: &Common, args: &Args) -> u8 {
    let (listener, is_open) = match listen(args) {
        Ok(l) => l,
        Err(why) => {
            report::tell(&format!("error: {why}\n"));
            return code::IO;
        }
    };
    load::threaded(c, || match begin(c, args) {
        Err(f) => check::failed(&f, Format::Text, false),
        Ok((preview, editor)) => show(c, args, listener, is_open, preview, editor),
    })
}

/// A socket, and whether other machines reach it.
fn listen(args: &Args) -> Result<(TcpListener, bool), String> {
    let addresses = |port: u16| -> Result<Vec<IpAddr>, String> {
        let host = args.host.trim_start_matches('[').trim_end_matches(']');
        let found = (host, port).to_socket_addrs().map_err(|e| format!("there is no host `{host}`: {e}"))?;
        Ok(found.map(|a| a.ip()).collect())
    };
    let first = args.port.unwrap_or(PORT);
    let last = if args.port.is_some() { first } else { first + TRIED };
    let Some(address) = addresses(first)?.into_iter().min_by_key(IpAddr::is_ipv6) else {
        return Err(format!("the host `{}` has no address", args.host));
    };
    let mut why = String::new();
    for port in first..=last {
        match TcpListener::bind((address, port)) {
            Ok(l) => return Ok((l, !address.is_loopback())),
            Err(e) => why = format!("port {port} of {address} is not to be had: {e}"),
        }
        if args.port.is_none() && why.contains("ermission") {
            break;
        }
    }
    Err(why)
}

/// Reads the site.
fn begin(c: &Common, args: &Args) -> Result<(Arc<Preview>, Editor), load::Failed> {
    let root = load::root(c)?;
    let root = source::canonical(&root).unwrap_or(root);
    let site = load::settings(c, &root)?;
    let as_of = load::instant(c, &site).map_err(|d| load::Failed {
        code: code::USAGE,
        root: root.clone(),
        findings: vec![d],
    })?;
    let settings = FileId::new(&c.config);
    let mut survey = Survey::new(&root, &settings, entry::MAX_FILE);
    survey.look();
    let known: Vec<FileId> = survey.known().map(|k| k.0.clone()).collect();
    let own: Vec<FileId> = known.iter().filter(|f| is_dress(f)).cloned().collect();
    let mut own: BTreeMap<FileId, Change> = survey
        .read(&own, |file, bytes| (file.clone(), Change { file: file.clone(), bytes: Some(bytes.into()) }))
        .0
        .into_iter()
        .collect();
    let fonts = source::read_named(&root, &site.cards.fonts).map_err(|findings| load::Failed {
        code: code::FINDINGS,
        root: root.clone(),
        findings,
    })?;
    own.extend(fonts.into_iter().map(|c| (c.file.clone(), c)));
    let entries: Vec<FileId> = known.into_iter().filter(entry::is_entry).collect();
    let live = Arc::new(Live::new(&root));
    let audience = Audience { as_of, drafts: !args.as_public };
    let made = read_in(c, Arc::new(site), audience, &own, &live, &mut survey, &entries);
    let (mut edition, dress) =
        made.map_err(|findings| load::Failed { code: code::FINDINGS, root: root.clone(), findings })?;
    let kept = load::letters(&root).and_then(|bytes| edition.keep_issues(bytes.as_deref()).map_err(|d| vec![d]));
    kept.map_err(|findings| load::Failed { code: code::FINDINGS, root: root.clone(), findings })?;
    let earlier = crate::sink::disk::Manifest::earlier(&load::output(c, &root)).unwrap_or_default();
    let preview = Preview::new(root, settings, Arc::clone(&live), edition, load::is_fixed(c), earlier);
    preview.notes().dress = dress;
    preview.notes().unread = survey.wrong().cloned().collect();
    let editor = Editor::new(c, Arc::clone(&preview), args.poll, survey, live, own);
    Ok((preview, editor))
}

/// Reads the entries, and makes the edition meanwhile: what is read goes into it at once.
fn read_in(
    c: &Common,
    site: Arc<Site>,
    audience: Audience,
    own: &BTreeMap<FileId, Change>,
    live: &Arc<Live>,
    survey: &mut Survey,
    entries: &[FileId],
) -> Result<(Edition, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (bar, done) = (Bar::new(c, "articles and records"), AtomicUsize::new(0));
    let zone = site.zone.clone();
    let (send, read) = std::sync::mpsc::channel();
    let made = std::thread::scope(|threads| {
        let making = threads.spawn(move || {
            let (mut edition, dress) = dressed(&site, audience, own, live)?;
            edition.load(read).map_err(|d| vec![d])?;
            Ok((edition, dress))
        });
        survey.read(entries, |file, bytes| {
            bar.show(done.fetch_add(1, Ordering::Relaxed), entries.len());
            // Nobody hears it where the edition cannot be made at all.
            let _ = send.send((file.clone(), entry::read(file, &bytes, &zone)));
        });
        // The edition asks for files when the last entry is in it.
        live.know(survey.known().map(|k| (k.0.clone(), *k.1)));
        drop(send);
        making.join()
    });
    bar.end();
    match made {
        Ok(made) => made,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// An edition without content in its own templates and static files, or as much of them as can be used.
fn dressed(
    site: &Arc<Site>,
    audience: Audience,
    own: &BTreeMap<FileId, Change>,
    live: &Arc<Live>,
) -> Result<(Edition, Vec<Diagnostic>), Vec<Diagnostic>> {
    let all: Vec<Change> = own.values().cloned().collect();
    let is_plain = |c: &&Change| c.file.path().starts_with("static/");
    let mut findings = Vec::new();
    for files in [all.clone(), all.iter().filter(is_plain).cloned().collect(), Vec::new()] {
        match Edition::new(Arc::clone(site), audience, &files, Arc::clone(live) as Arc<dyn crate::model::Texts>) {
            Ok(edition) => return Ok((edition, findings)),
            // What is wrong with all of them is what has to be mended.
            Err(wrong) if findings.is_empty() => findings = wrong,
            Err(_) => {}
        }
    }
    Err(findings)
}

fn is_dress(file: &FileId) -> bool {
    ["templates/", "static/", "i18n/"].iter().any(|folder| file.path().starts_with(folder))
}

fn show(c: &Common, args: &Args, listener: TcpListener, is_open: bool, preview: Arc<Preview>, editor: Editor) -> u8 {
    let token = is_open.then(|| {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        Some(blake3::hash(&bytes).to_hex()[..32].to_owned())
    });
    let token = match token {
        Some(None) => {
            report::tell("error: the system has no random numbers for a token\n");
            return code::IO;
        }
        Some(token) => token,
        None => None,
    };
    let address = match listener.local_addr() {
        Ok(a) => a,
        Err(e) => {
            report::tell(&format!("error: {e}\n"));
            return code::IO;
        }
    };
    let host = if address.ip().is_loopback() || !address.ip().is_unspecified() {
        address.ip().to_string()
    } else {
        "localhost".to_owned()
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let base = preview.base_path();
    let query = token.as_ref().map_or_else(String::new, |t| format!("?token={t}"));
    let url = format!("http://{host}:{}{base}/{query}", address.port());
    if !c.quiet {
        let title = preview.title();
        let next = if args.port.is_none() && address.port() != PORT {
            format!("Port {PORT} is taken. ")
        } else {
            String::new()
        };
        report::tell(&format!("{next}{title} is at {url}\n"));
        let shown = if args.as_public {
            "Shown is what readers would get."
        } else {
            "Drafts and what is held back are shown too, and say so."
        };
        report::tell(&format!("{shown} Saved is seen; Ctrl-C ends it.\n"));
    }
    if is_open {
        report::tell(
            "warning: other machines can reach this preview; whoever has the address with the token sees what is under embargo
",
        );
    }
    if args.open && open::that_detached(&url).is_err() {
        report::tell(&format!("warning: no browser could be started; open {url}\n"));
    }
    let quiet = c.quiet;
    let (wake, woken) = std::sync::mpsc::channel();
    let checked = Arc::clone(&preview);
    std::thread::spawn(move || checker::run(&checked, &woken, quiet));
    std::thread::spawn(move || editor.run(&wake, quiet));
    let guard = preview::Guard { host: args.host.clone(), token };
    match preview::serve(listener, preview, guard) {
        Ok(()) => {
            if std::io::stderr().is_terminal() {
                report::tell("\n");
            }
            code::DONE
        }
        Err(e) => {
            report::tell(&format!("error: the preview cannot be served: {e}\n"));
            code::IO
        }
    }
}
