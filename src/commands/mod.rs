//! One file a subcommand: what was typed -> what is done, said and returned. The only place that prints.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the terminal, the environment, the clock and the threads are here, so that the core has none"
)]

mod bar;
mod build;
mod check;
mod clean;
mod explain;
mod export;
mod init;
mod list;
mod load;
mod new;
mod newsletter;
mod publish;
mod report;
mod serve;
mod why;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit codes, as docs/command-line.md describes them.
pub mod code {
    /// Done.
    pub const DONE: u8 = 0;
    /// The site has errors, or with `--strict` warnings.
    pub const FINDINGS: u8 = 1;
    /// The command line was wrong.
    pub const USAGE: u8 = 2;
    /// Refused, to keep something safe: nothing was changed.
    pub const REFUSED: u8 = 3;
    /// Reading or writing failed.
    pub const IO: u8 = 4;
    /// Somebody else publishes, or has just done so: nothing of this run is live.
    pub const LOST: u8 = 5;
}

/// A static site generator for news about deals.
#[derive(Debug, Parser)]
#[command(name = "dealwire", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    /// Print what a code of a finding means
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every subcommand takes.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The site's folder; else the nearest one upwards with a site.toml
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The settings file, below the root
    #[arg(long, global = true, value_name = "FILE", default_value = "site.toml")]
    config: String,
    /// Where the site is written
    #[arg(long, short, global = true, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Instead of `base_url` in site.toml
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
    /// The instant of the edition: 2017-07-05, or 2017-07-05T12:00:00+03:00
    #[arg(long, global = true, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Show drafts, embargoed, future and expired things; the output is marked and cannot be published
    #[arg(long, global = true)]
    drafts: bool,
    /// How many threads
    #[arg(long, short, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more
    #[arg(long, short, global = true)]
    verbose: bool,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One object with `findings`.
    Json,
    /// SARIF 2.1.0, for code hosts.
    Sarif,
    /// GitHub's workflow commands.
    Github,
}

/// How `list` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a site in a new folder
    Init {
        /// The folder
        dir: PathBuf,
        /// The site's name
        #[arg(long)]
        title: Option<String>,
        /// Files for where the site is kept; also for a site that is there already
        #[arg(long, value_enum)]
        with: Option<init::With>,
    },
    /// Write a new content file
    New(new::Args),
    /// Write the site
    Build {
        /// Warnings stop it too
        #[arg(long)]
        strict: bool,
    },
    /// Show the site in a browser while it is written
    Serve(serve::Args),
    /// Put the site on the air at a target of site.toml
    Publish(publish::Args),
    /// Find every mistake, write nothing
    Check {
        /// Warnings count as errors
        #[arg(long)]
        strict: bool,
        /// How findings are written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print what a code of a finding means
    Explain {
        /// Such as E0101
        code: String,
    },
    /// List what is not, or not yet, or no longer public, and deals
    List {
        /// What
        #[arg(value_enum)]
        what: list::What,
        /// How it is written
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
    /// Write what is new as a mail, once
    Newsletter(newsletter::Args),
    /// Print the public deals as data
    Export(export::Args),
    /// Say why a file is or is not on the site, and where
    Why {
        /// A file below the site's folder
        file: PathBuf,
    },
    /// Remove the built site, and nothing else
    Clean,
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// Runs the program.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { code::USAGE } else { code::DONE });
        }
    };
    let c = &cli.common;
    if let Some(code) = cli.explain {
        return ExitCode::from(explain::run(&code));
    }
    let code = match cli.command {
        None => {
            let _ = <Cli as clap::CommandFactory>::command().print_help();
            code::USAGE
        }
        Some(Command::Init { dir, title, with }) => init::run(&dir, title.as_deref(), with, c),
        Some(Command::New(args)) => new::run(&args, c),
        Some(Command::Build { strict }) => build::run(c, strict),
        Some(Command::Publish(args)) => publish::run(c, &args),
        Some(Command::Serve(args)) => serve::run(c, &args),
        Some(Command::Check { strict, format }) => check::run(c, strict, format),
        Some(Command::Explain { code }) => explain::run(&code),
        Some(Command::List { what, format }) => list::run(c, what, format),
        Some(Command::Newsletter(args)) => newsletter::run(c, &args),
        Some(Command::Export(args)) => export::run(c, &args),
        Some(Command::Why { file }) => why::run(c, &file),
        Some(Command::Clean) => clean::run(c),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut <Cli as clap::CommandFactory>::command(), "dealwire", &mut script);
            report::say(&String::from_utf8_lossy(&script));
            code::DONE
        }
    };
    ExitCode::from(code)
}
