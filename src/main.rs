//! The command line's arguments in, an exit code out.

fn main() -> std::process::ExitCode {
    dealwire::commands::run(std::env::args_os())
}
