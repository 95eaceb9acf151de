//! A process that writes until it is killed.

use crate::test_store::{LIFE, numbered, open};
use latchkey_vault::{RecordKey, Write};
use std::{
    env,
    io::{BufRead, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

const ADDRESS: &str = "LATCHKEY_TEST_WRITER";
const CHAIN: &str = "LATCHKEY_TEST_CHAIN";
const REPORT: &str = "moved to ";

/// The keys that one record is moved along.
pub(crate) fn link(chain: u64, number: u64) -> RecordKey {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&chain.to_be_bytes());
    bytes[8..16].copy_from_slice(&number.to_be_bytes());
    RecordKey(bytes)
}

/// Starts a process that moves a record on and on, and kills it after so many moves. Returns the last move that it has
/// reported.
pub(crate) fn kill_after(address: &str, chain: u64, moves: u64) -> u64 {
    let mut writer = start(address, chain);
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
    let moved = lines.filter_map(|line| line.strip_prefix(REPORT).and_then(|number| number.parse().ok()));
    let mut last = 0;
    for number in moved {
        last = number;
        if number == moves {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();
    assert!(last >= moves, "the writer exited by itself after {last} moves");
    last
}

fn start(address: &str, chain: u64) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "writer::a_writer_that_is_killed", "--ignored", "--nocapture"]);
    command.env(ADDRESS, address).env(CHAIN, chain.to_string());
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test]
#[ignore = "other tests start it as a process and kill it"]
async fn a_writer_that_is_killed() {
    let Ok(address) = env::var(ADDRESS) else { return };
    let (store, chain) = (open(&address), env::var(CHAIN).unwrap().parse().unwrap());
    assert_eq!(store.create(link(chain, 0), numbered(0), LIFE).await.unwrap(), Write::Done);
    for number in 1.. {
        let from = (link(chain, number - 1), 1);
        assert_eq!(
            store.rotate(from, link(chain, number), numbered(number), LIFE).await.unwrap(),
            Write::Done
        );
        // One write, so that a kill leaves a whole line or none.
        std::io::stdout().write_all(format!("{REPORT}{number}\n").as_bytes()).unwrap();
    }
}
