//! What a copy of a store's disk reveals.

use crate::test_store::{LIFE, TestServer, key};
use latchkey_vault::{KeyRing, MasterKey, RandomSource, Sealed, SessionHandle, Vault, hex};
use std::{fs, path::Path};

const CANARY: &str = "CNRY-access-token-7f3a9c51";

pub(crate) async fn sec_104_no_secret_is_readable_on_the_disk(target: impl TestServer) {
    let store = target.open();
    let random = RandomSource::system();
    let ring = KeyRing::new(MasterKey::random(&random).unwrap(), vec![], "https://org.example", "client");
    let vault = Vault::new(store.clone(), ring, random.clone());
    let handle = SessionHandle::random(&random).unwrap();
    let location = vault.location(&handle).unwrap();
    vault.create(&location, &CANARY, LIFE).await.unwrap();
    vault.swap(&location, 1, &CANARY, LIFE).await.unwrap();
    // The control: a record that is not sealed is found.
    let control = [key().0.to_vec(), b"a record in the clear".to_vec()];
    store.create(key(), Sealed(control.concat()), LIFE).await.unwrap();

    let cookie = handle.write();
    let (id, half) = cookie.split_once('.').unwrap();
    let folder = target.folder().await;
    assert!(is_found(folder, &control.concat()), "the record in the clear");
    for secret in [CANARY, id, half] {
        assert!(!is_found(folder, secret.as_bytes()), "{secret}");
        assert!(!is_found(folder, hex(secret.as_bytes()).as_bytes()), "{secret} in hex");
    }
    for part in [id, half] {
        let bytes = base64(part);
        assert!(!is_found(folder, &bytes), "the bytes of {part}");
        assert!(!is_found(folder, hex(&bytes).as_bytes()), "the bytes of {part} in hex");
    }
}

fn is_found(folder: &Path, secret: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => is_found(&path, secret),
            // A server may remove a file meanwhile.
            false => memchr::memmem::find(&fs::read(&path).unwrap_or_default(), secret).is_some(),
        }
    })
}

fn base64(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
