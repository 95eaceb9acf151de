//! What splitting the program needs from the linker.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // The split moves functions, so it has to know what refers to what.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
