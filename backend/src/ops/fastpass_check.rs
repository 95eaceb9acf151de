//! Checks whether the configuration fits an org that asks devices (FastPass).

use super::finding::Verdict;
use latchkey_idx::{DeviceChallenge, DeviceChallengeMethod, Flow};
use url::Url;

/// What to say about FastPass; nothing if neither the org's first step nor the configuration has it.
///
/// `ports` are those at which pages may reach the device, and `ours` is an address of the pages.
pub(super) fn fastpass(flow: &Flow, ports: &[u16], ours: &Url) -> Option<Verdict> {
    match flow.pending_device_challenge() {
        Some(challenge) => Some(of_challenge(&challenge, ports)),
        None => match flow.left_device_challenge() {
            Some(left) => Some(of_left_challenge(left, ports, ours)),
            None if ports.is_empty() => None,
            None => Some(Verdict::Look(format!(
                "the org does not ask the device before the username, so that its ports cannot be compared with \
                 LATCHKEY_FASTPASS_PORTS={}; Okta Verify listens at 2000 6511 6512 6513",
                list(ports)
            ))),
        },
    }
}

/// A challenge that pages can pass on, at some of its ports at least.
fn of_challenge(challenge: &DeviceChallenge, ports: &[u16]) -> Verdict {
    let missing: Vec<u16> = challenge.ports().into_iter().filter(|port| !ports.contains(port)).collect();
    if missing.is_empty() {
        return Verdict::Fine;
    }
    Verdict::Wrong(format!(
        "the org also names the ports {}, and the policy of the pages does not let them call there: set \
         LATCHKEY_FASTPASS_PORTS=\"{}\"",
        list(&missing),
        list(&challenge.ports())
    ))
}

fn of_left_challenge(challenge: &DeviceChallenge, ports: &[u16], ours: &Url) -> Verdict {
    let origin = ours.origin().ascii_serialization();
    let asked = challenge.ports();
    let trusted = format!("list {origin} at the org under Security > API > Trusted Origins");
    match (&challenge.method, ports.is_empty()) {
        (DeviceChallengeMethod::ChromeDtc | DeviceChallengeMethod::AppleSsoExtension, _) => {
            Verdict::Look(format!(
                "the org asks the device by {}, which works on the org's own pages only; this server leaves that step",
                challenge.method
            ))
        }
        (DeviceChallengeMethod::Loopback, true) => Verdict::Look(format!(
            "the org asks Okta Verify on the device first (FastPass), and this server leaves that step; to use it, set \
             LATCHKEY_FASTPASS_PORTS=\"{}\" and {trusted}",
            list(&asked)
        )),
        (DeviceChallengeMethod::Loopback, false) => Verdict::Wrong(format!(
            "the org names the ports {}, and LATCHKEY_FASTPASS_PORTS=\"{}\" has none of them: set it to \"{}\"",
            list(&asked),
            list(ports),
            list(&asked)
        )),
        (_, _) => Verdict::Look(format!(
            "the org asks Okta Verify on the device first (FastPass, {}), and this server leaves that step; to use it, set \
             LATCHKEY_FASTPASS_PORTS=\"2000 6511 6512 6513\" and {trusted}",
            challenge.method
        )),
    }
}

fn list(ports: &[u16]) -> String {
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(" ")
}
