//! What someone finds who has the disk of a store, or a copy of it.

use crate::place::{LIFE, Server, key};
use latchkey::vault::{KeyHalf, KeyRing, MasterKey, Sealed, SessionHandle, Vault};
use std::{fs, path::Path};
use tower_sessions::session::Id;

const CANARY: &str = "CNRY-access-token-7f3a9c51";

pub(crate) async fn sec_104_nothing_on_the_disk_can_be_read_or_replayed(place: impl Server) {
    let store = place.open();
    let ring = KeyRing::new(MasterKey::fresh().unwrap(), vec![], "https://org.example", "client");
    let vault = Vault::new(store.clone(), ring);
    let handle = SessionHandle::new(Id::default(), KeyHalf::fresh().unwrap());
    let its_place = vault.place(&handle).unwrap();
    vault.create(&its_place, &CANARY, LIFE).await.unwrap();
    vault.swap(&its_place, 1, &CANARY, LIFE).await.unwrap();
    // What is not sealed would be found: the search can fail.
    let control = [key().0.to_vec(), b"a record in the clear".to_vec()];
    store.create(key(), Sealed(control.concat()), LIFE).await.unwrap();

    let cookie = handle.write();
    let (name, half) = cookie.split_once('.').unwrap();
    let folder = place.folder().await;
    assert!(is_found(folder, &control.concat()), "the record in the clear");
    for secret in [CANARY, name, half] {
        assert!(!is_found(folder, secret.as_bytes()), "{secret}");
        assert!(!is_found(folder, hex(secret.as_bytes()).as_bytes()), "{secret} in hex");
    }
    for part in [name, half] {
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
            // A server may take away a file between the list and the look.
            false => memchr::memmem::find(&fs::read(&path).unwrap_or_default(), secret).is_some(),
        }
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
