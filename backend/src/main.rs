//! The sign-in server as a program.

mod cli;

use clap::Parser;
use cli::{Cli, Command, Doctor, WalkFlow};
use latchkey::{
    api,
    app::App,
    background,
    config::{self, Config},
    detached::all_done,
    http::{self, ConnectionLimit, Timeouts},
    ops::doctor::{self, Verdict},
    ops::open_files,
    ops::walk::{self, FlowTrace, Recorder, TextConsole, WalkEnd},
};
use latchkey_idx::{Client, HttpTransport};
use std::{
    env,
    fs::{self, File},
    io::{self, BufRead, BufReader},
    panic,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tracing_subscriber::EnvFilter;

/// Every step allocates and frees small pieces on all threads, and the allocator of a static program is the slowest of
/// all. It is built to request no huge pages: four of them are more than an idle server needs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From the signal to stop until the end, including work that no browser waits for any more.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(19);
/// The exit code for a wrong configuration. A wrong command line has the same.
const USAGE_EXIT_CODE: u8 = 2;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve => serve(),
        Command::Config => read_config().map(|config| {
            print_unknown_variables();
            print!("{}", config.show());
        }),
        Command::Doctor(Doctor { walk: Some(flow), trace, answers }) => {
            doctor_walk(flow, &trace, answers.as_deref())
        }
        Command::Doctor(_) => doctor(),
        Command::Version => {
            println!("latchkey {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Command::Completions { shell } => {
            cli::print_completions(shell, &mut io::stdout()).map_err(Failure::new)
        }
        Command::Man => cli::print_man_page(&mut io::stdout()).map_err(Failure::new),
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
    // The message of a panic can quote anything, so only its place is logged.
    panic::set_hook(Box::new(|panicked| {
        tracing::error!(at = panicked.location().map(ToString::to_string), "panic");
    }));
    for variable in unknown_variables() {
        tracing::warn!(variable, "this variable is set, but there is no such setting");
    }
    open_files::raise_limit();
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(listen(config))
}

fn doctor() -> Result<(), Failure> {
    let config = read_config()?;
    print_unknown_variables();
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

/// Walks through a flow, and writes its trace also when the walk fails.
fn doctor_walk(flow: WalkFlow, trace_file: &Path, answers: Option<&Path>) -> Result<(), Failure> {
    let config = read_config()?;
    print_unknown_variables();
    let public_url = config.public_url(config.bind).map_err(Failure::new)?;
    let answers: Box<dyn BufRead> = match answers {
        Some(path) => {
            let unreadable = |error| Failure::usage(format!("{} cannot be read: {error}.", path.display()));
            Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
        }
        None => Box::new(io::stdin().lock()),
    };
    let mut console = TextConsole::new(answers, io::stdout());
    let (transport, recording) = Recorder::new(HttpTransport::new().map_err(Failure::new)?);
    // A terminal cannot pass a challenge on to the device.
    let registration = latchkey_idx::Config { device_ports: Vec::new(), ..config.registration(&public_url) };
    let client = Client::new(registration, transport);
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    let end = runtime.block_on(walk::walk(&client, flow.intent(), &mut console, SystemTime::now));
    let calls = recording.calls();
    if !calls.is_empty() {
        let trace = FlowTrace::new(flow.intent(), &config.issuer, &calls);
        let file = trace_file.display();
        fs::write(trace_file, trace.text())
            .map_err(|error| Failure::new(format!("{file} cannot be written: {error}.")))?;
        println!("\nThe trace is in {file}, without secrets and personal data. Read it before you send it.");
    }
    match end.map_err(Failure::new)? {
        WalkEnd::SignedIn => {
            println!("Signed in. The tokens passed every check and are revoked.");
            Ok(())
        }
        WalkEnd::Terminal => Err(Failure::new("The org ended the flow.")),
        WalkEnd::Canceled => Err(Failure::new("The flow was cancelled.")),
        WalkEnd::Stopped => Err(Failure::new("The walk was stopped before the flow ended.")),
    }
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
    let connections =
        ConnectionLimit::new(config.max_connections_per_address(), config.trusted_proxies.clone());
    let app = App::new(config, &public_url).await.map_err(Failure::new)?;
    if !app.assets.has_page().await {
        tracing::warn!(
            "the program has no client inside: LATCHKEY_ASSETS must name the folder of a built one"
        );
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::new)?;
    let sweeper = tokio::spawn(background::run(app.clone()));
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
    let mut stopped_at = None;
    http::serve(listener, api::router(app.clone()), connections, Timeouts::default(), async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        app.stop();
        stopped_at = Some(Instant::now());
    })
    .await;
    let spent = stopped_at.map_or(Duration::ZERO, |stopped_at| stopped_at.elapsed());
    if tokio::time::timeout(SHUTDOWN_TIMEOUT.saturating_sub(spent), all_done()).await.is_err() {
        tracing::warn!("stopped before all calls to the org were finished");
    }
    sweeper.abort();
    admin.inspect(JoinHandle::abort);
    Ok(())
}

fn read_config() -> Result<Config, Failure> {
    let env = |name: &str| env::var(name).ok();
    let named = config::named_file(env);
    let path = named.as_deref().unwrap_or(config::DEFAULT_FILE);
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

fn unknown_variables() -> Vec<String> {
    config::unknown_variables(env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

/// A misspelled variable has no effect, and no other message would mention it.
fn print_unknown_variables() {
    for variable in unknown_variables() {
        eprintln!("{variable} is set, but there is no such setting. Is it spelled right?");
    }
}
