//! The numbers that are found, beside those of another implementation of SHA-2.

use super::*;
use ::sha2::{Digest, Sha256, Sha384, Sha512};
use proptest::prelude::*;

const ALGORITHMS: [&str; 3] = ["SHA-256", "SHA-384", "SHA-512"];

fn task(algorithm: &str, salt: &str, challenge: String, max_number: u32) -> AltchaTask {
    AltchaTask {
        algorithm: algorithm.into(),
        challenge,
        max_number,
        salt: salt.into(),
        signature: "s".into(),
        expires_in: None,
    }
}

/// A challenge for which `number` is to be found.
fn challenge(algorithm: &str, salt: &str, number: u32) -> String {
    let text = format!("{salt}{number}");
    let hash: Vec<u8> = match algorithm {
        "SHA-384" => Sha384::digest(text).to_vec(),
        "SHA-512" => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How the search ends, in slices of `count` numbers.
fn end_of(task: &AltchaTask, count: u32) -> SearchState {
    let mut search = Search::new(task).unwrap();
    loop {
        match search.advance(count) {
            SearchState::Searching => {}
            ended => return ended,
        }
    }
}

#[test]
fn the_number_of_a_known_challenge_is_found() {
    let known = [
        ("SHA-256", "6179db75e511996fddbd74f80fed53a9c13bf6c7396126e09825ff76049716c3"),
        (
            "SHA-384",
            "ec34a8cd495631282764d3c4323d2a9c51864ecad645839e3b666870b3cb71c7895a1e182b06401be66af7667bef66c5",
        ),
        (
            "SHA-512",
            "b4fb60684d693e8ebbfb800345d46b0ede672ed074a996d99420990ac0c151f65c4da3d8d9e057e1292dd317e317c9c0efbb7b22be11ca36390db5e60fef811c",
        ),
    ];
    for (algorithm, challenge) in known {
        let task = task(algorithm, "9be0c1?expires=1790000000", challenge.into(), 50_000);
        assert_eq!(end_of(&task, 256), SearchState::Found(4321), "{algorithm}");
    }
}

#[test]
fn numbers_are_found_before_and_after_each_change_of_length() {
    for algorithm in ALGORITHMS {
        for number in
            [0, 1, 8, 9, 10, 11, 12, 13, 98, 99, 100, 101, 102, 103, 999, 1_000, 1_003, 9_999, 10_000]
        {
            let task = task(algorithm, "a salt", challenge(algorithm, "a salt", number), number);
            assert_eq!(end_of(&task, 64), SearchState::Found(number), "{algorithm} {number}");
        }
    }
}

#[test]
fn a_search_ends_at_its_bound_and_includes_it() {
    for algorithm in ALGORITHMS {
        for bound in [0, 7, 9, 10, 500, 501, 502, 503] {
            let end =
                |number| end_of(&task(algorithm, "salt", challenge(algorithm, "salt", number), bound), 1);
            assert_eq!(end(bound), SearchState::Found(bound), "{algorithm} {bound}");
            assert_eq!(end(bound + 1), SearchState::Exhausted, "{algorithm} {bound}");
        }
    }
}

#[test]
fn an_ended_search_stays_ended() {
    let mut search = Search::new(&task("SHA-256", "s", challenge("SHA-256", "s", 9), 5)).unwrap();
    assert_eq!((search.advance(100), search.advance(100)), (SearchState::Exhausted, SearchState::Exhausted));
}

#[test]
fn another_algorithm_and_a_challenge_of_another_form_cannot_be_searched_for() {
    let hash = challenge("SHA-256", "s", 1);
    assert!(Search::new(&task("MD5", "s", hash.clone(), 5)).is_none());
    assert!(Search::new(&task("SHA-512", "s", hash.clone(), 5)).is_none());
    for broken in [&hash[1..], &format!("+{}", &hash[1..]), &format!("g{}", &hash[1..]), ""] {
        assert!(Search::new(&task("SHA-256", "s", broken.to_owned(), 5)).is_none(), "{broken}");
    }
    assert_eq!(end_of(&task("SHA-256", "s", hash.to_uppercase(), 5), 5), SearchState::Found(1));
}

proptest! {
    #[test]
    fn a_number_is_found_whatever_the_salt(
        algorithm in prop::sample::select(&ALGORITHMS[..]),
        salt in prop_oneof!["[a-f0-9]{0,300}", "\\PC{0,80}"],
        number in 0..1_200_u32,
        beyond in 0..5_u32,
    ) {
        let task = task(algorithm, &salt, challenge(algorithm, &salt, number), number + beyond);
        prop_assert_eq!(end_of(&task, 100), SearchState::Found(number));
    }

    #[test]
    fn a_change_of_the_challenge_leaves_nothing_to_find(
        algorithm in prop::sample::select(&ALGORITHMS[..]),
        at in any::<prop::sample::Index>(),
        number in 0..200_u32,
    ) {
        let mut hash = challenge(algorithm, "pepper", number);
        let at = at.index(hash.len());
        let other = if &hash[at..=at] == "0" { "1" } else { "0" };
        hash.replace_range(at..=at, other);
        prop_assert_eq!(end_of(&task(algorithm, "pepper", hash, 250), 100), SearchState::Exhausted);
    }
}
