//! The sign-in server as a program.

use latchkey::{
    api,
    app::App,
    background::all_done,
    config::{self, Config},
    http::{self, ConnectionLimit, Timeouts},
    ops::doctor::{self, Verdict},
    ops::open_files,
};
use latchkey_idx::HttpTransport;
use std::{
    env, fs, io, panic,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tracing_subscriber::EnvFilter;

/// Small pieces come and go with every step, on all threads; and the allocator of a static program is the slowest of all.
/// It is built to ask for no huge pages: four of them are more than all that an idle server needs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
latchkey serve    answers people at LATCHKEY_BIND until it is told to stop
latchkey config   shows the settings that are in effect, secrets hidden
latchkey doctor   looks at the org as a sign-in would, and says what to change there
latchkey version  says which one this is

Settings come from LATCHKEY_… in the environment and from latchkey.toml, or the file that LATCHKEY_CONFIG names.
";

/// From the word to end until the end, with all that was begun and that no browser waits for any more.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(19);
/// The configuration is wrong, or the words on the command line are.
const USAGE_EXIT_CODE: u8 = 2;

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => serve(),
        ["config"] => read_config().map(|config| {
            say_strangers();
            print!("{}", config.show());
        }),
        ["doctor"] => doctor(),
        ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        ["version" | "--version" | "-V"] => {
            println!("latchkey {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        [] => Err(Failure::usage(USAGE.trim_end())),
        unknown => Err(Failure::usage(format!(
            "latchkey does not know what `{}` means.\n\n{}",
            unknown.join(" "),
            USAGE.trim_end()
        ))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.sentence);
            ExitCode::from(failure.code)
        }
    }
}

struct Failure {
    sentence: String,
    code: u8,
}

impl Failure {
    fn new(sentence: impl ToString) -> Self {
        Self { sentence: sentence.to_string(), code: 1 }
    }

    fn usage(sentence: impl ToString) -> Self {
        Self { sentence: sentence.to_string(), code: USAGE_EXIT_CODE }
    }
}

fn serve() -> Result<(), Failure> {
    let config = read_config()?;
    tracing_subscriber::fmt()
        .json()
        .with_span_list(false)
        .with_env_filter(EnvFilter::new(&config.log))
        .with_writer(io::stderr)
        .init();
    // What a panic says may quote anything; where it was is enough to find it by.
    panic::set_hook(Box::new(|panicked| {
        tracing::error!(at = panicked.location().map(ToString::to_string), "a fault of ours");
    }));
    for variable in strangers() {
        tracing::warn!(variable, "is set and is none of our settings");
    }
    open_files::raise_limit();
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(listen(config))
}

fn doctor() -> Result<(), Failure> {
    let config = read_config()?;
    say_strangers();
    let public_url = config.public_url(config.bind).map_err(Failure::new)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(async {
        let app = App::new(config, &public_url).await.map_err(Failure::new)?;
        let transport = HttpTransport::new().map_err(Failure::new)?;
        let findings = doctor::examine(&app, &transport, SystemTime::now()).await;
        for finding in &findings {
            println!("{finding}");
        }
        match findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Wrong(_))).count() {
            0 => Ok(()),
            1 => Err(Failure::new("One thing needs fixing.")),
            some => Err(Failure::new(format!("{some} things need fixing."))),
        }
    })
}

async fn listen(config: Config) -> Result<(), Failure> {
    let bind = config.bind;
    let listener = http::listen(bind).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(format!(
            "{bind} is in use. Stop what listens there, or set LATCHKEY_BIND to another port."
        )),
        _ => Failure::new(format!(
            "Cannot listen at {bind}: {error}. Set LATCHKEY_BIND to an address of this machine."
        )),
    })?;
    let bound = listener.local_addr().map_err(Failure::new)?;
    let public_url = config.public_url(bound).map_err(Failure::new)?;
    let admin = match config.admin_bind {
        Some(bind) => Some(http::listen(bind).map_err(|error| {
            Failure::new(format!(
                "Cannot listen at {bind}: {error}. Set LATCHKEY_ADMIN_BIND to another address."
            ))
        })?),
        None => None,
    };
    let connections = ConnectionLimit::new(config.connections(), config.trusted_proxies.clone());
    let app = App::new(config, &public_url).await.map_err(Failure::new)?;
    if !app.assets.has_page().await {
        tracing::warn!("there is no client: LATCHKEY_ASSETS must name the folder of a built one");
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::new)?;
    let sweeper = tokio::spawn(app.clone().sweep_for_ever());
    let admin = admin.map(|listener| {
        let router = api::admin_router(app.clone());
        tokio::spawn(http::serve(
            listener,
            router,
            ConnectionLimit::default(),
            Timeouts::default(),
            std::future::pending(),
        ))
    });
    println!("latchkey listening on http://localhost:{}", bound.port());
    let mut told = None;
    http::serve(listener, api::router(app.clone()), connections, Timeouts::default(), async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        app.leave();
        told = Some(Instant::now());
    })
    .await;
    let left = SHUTDOWN_TIMEOUT.saturating_sub(told.map_or(Duration::ZERO, |told| told.elapsed()));
    if tokio::time::timeout(left, all_done()).await.is_err() {
        tracing::warn!("ending in the middle of what the org was asked");
    }
    sweeper.abort();
    admin.inspect(JoinHandle::abort);
    Ok(())
}

fn read_config() -> Result<Config, Failure> {
    let env = |name: &str| env::var(name).ok();
    let named = config::named_file(env);
    let path = named.as_deref().unwrap_or(config::FILE);
    let text = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Failure::usage(format!(
                "{path} cannot be read: {error}. Correct that, or let LATCHKEY_CONFIG name another file."
            )));
        }
    };
    config::read(env, text.as_deref(), |path| fs::read_to_string(path)).map_err(Failure::usage)
}

fn strangers() -> Vec<String> {
    config::strangers(env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

/// For whoever looks at the settings: a misspelled one has no effect, and nothing else would say so.
fn say_strangers() {
    for variable in strangers() {
        eprintln!("{variable} is set and is none of our settings. Is it spelled right?");
    }
}
