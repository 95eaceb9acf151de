//! Replaces the functions that only report a panic by a trap, so that neither they nor their texts are downloaded.
//!
//! The client aborts on a panic and shows no message, so what is removed here can never be seen: 4 KB of the page.

use latchkey_harness::Error;
use rustc_demangle::demangle;
use walrus::ir::{Instr, Unreachable};
use walrus::{DataId, FunctionId, FunctionKind, Module};

/// The functions of the standard library that end a program and do nothing else, by a part of their path. Each must be in
/// the client: a toolchain that renames one would bring its texts back without notice.
const PANIC_FUNCTIONS: [&str; 12] = [
    "::panicking::",
    "::unwrap_failed",
    "::expect_failed",
    "::panic_already_borrowed",
    "::panic_already_mutably_borrowed",
    "::panic_access_error",
    "::panic_poisoned",
    "::slice_index_fail",
    "::slice_error_fail",
    "::raw_vec::handle_error",
    "::capacity_overflow",
    "::handle_alloc_error",
];

/// The texts that functions of the client pass to a panic, and nothing else names. Each must be in the client, as above; those that
/// only a removed function names are blanked by `dead_data`.
const PANIC_MESSAGES: [&str; 29] = [
    "Value is None because the `ssr` feature is active. When `ssr` is enabled, tachys skips creating client-side values \
     (event handlers, directives, properties) to avoid cross-thread panics on multithreaded servers. If you are building a \
     client-side (CSR or hydrate) target, this means the `ssr` feature is being activated unintentionally via Cargo feature \
     unification; another dependency in your workspace is enabling it. Run `cargo tree -e features -i tachys` to identify the \
     source.",
    "Tried to access a reactive value that has already been disposed.",
    "copy_from_slice: source slice length (",
    ") does not match destination slice length (",
    "internal error: entered unreachable code",
    "cannot recursively acquire mutex",
    "a formatting trait implementation returned an error when the underlying stream did not",
    "Dropped SendWrapper<T> variable from a thread different to the one it has been created with.",
    "Dereferenced SendWrapper<T> variable from a thread different to the one it has been created with.",
    "Once instance has previously been poisoned",
    "one-time initialization may not be performed recursively",
    "assertion failed: psize >= size + min_overhead",
    "assertion failed: psize <= size + max_overhead",
    "use of std::thread::current() is not possible after the thread's local data has been destroyed",
    "Attempted to initialize thread-local while it is being dropped",
    "Executor::spawn called, but no global 'spawn' function is configured.",
    "Executor::spawn_local called, but no global 'spawn_local' function is configured.",
    " dropped without a waker list",
    "the guard should always be in place until the Drop implementation",
    "attempt to join into collection with len > usize::MAX",
    "Polled future after completion",
    "finish: callbacks should be Some",
    "finish: result should be None",
    "Got a QuickInitGuard in slow init",
    "No guard available even without polling",
    "inner is None only in drop",
    "Tried to shrink to a larger capacity",
    "called `Result::unwrap()` on an `Err` value",
    "failed to generate unique thread ID: bitspace exhausted",
];

/// Not one of them, in spite of its path: it asks whether a panic is under way, and returns.
const PANIC_COUNT: &str = "::panic_count::";

/// The `Debug` implementations of the standard library are called by panics only.
const DEBUG_FMT: &str = " as core::fmt::Debug>::fmt";

/// Replaces the bodies of these functions.
pub(super) fn remove(module: &mut Module) -> Result<(), Error> {
    let name = |id: FunctionId| module.funcs.get(id).name.as_deref().map(plain_name);
    let named = || module.funcs.iter_local().filter_map(|(id, _)| Some((id, name(id)?)));
    for pattern in PANIC_FUNCTIONS.into_iter().chain([DEBUG_FMT]) {
        if !named().any(|(_, name)| matches(&name, pattern)) {
            return Err(Error::new(format!("No function of the client matches `{pattern}`.")).hint(
                "Either the toolchain has renamed it, or the client does not contain it any more. Look at the names that \
                 the standard library has now, and change the patterns in crates/xtask/src/client/panics.rs.",
            ));
        }
    }
    let only_panics: Vec<FunctionId> =
        named().filter(|(_, name)| only_panics(name)).map(|(id, _)| id).collect();
    for id in only_panics {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            let entry = function.entry_block();
            function.block_mut(entry).instrs = vec![(Instr::Unreachable(Unreachable {}), Default::default())];
        }
    }
    let data: Vec<DataId> = module.data.iter().map(|data| data.id()).collect();
    for id in &data {
        blank_source_paths(&mut module.data.get_mut(*id).value);
    }
    for message in PANIC_MESSAGES {
        // Each segment is searched.
        let found = data.iter().filter(|id| blank(&mut module.data.get_mut(**id).value, message)).count();
        if found == 0 {
            return Err(Error::new(format!("No panic of the client has the message `{message}`.")).hint(
                "The library that has it may have changed it: see crates/xtask/src/client/panics.rs.",
            ));
        }
    }
    Ok(())
}

/// Overwrites a text with zeros, wherever it is. Returns whether it is there.
fn blank(data: &mut [u8], text: &str) -> bool {
    let is_at = |from: &usize| data.get(*from..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
    let starts: Vec<usize> = (0..data.len()).filter(is_at).collect();
    for start in &starts {
        data.iter_mut().skip(*start).take(text.len()).for_each(|byte| *byte = 0);
    }
    !starts.is_empty()
}

/// Overwrites the paths of source files with zeros, which cost nothing when they are compressed. Panics alone name them, and
/// each stands between two zeros.
fn blank_source_paths(data: &mut [u8]) {
    for text in data.split_mut(|byte| *byte == 0) {
        if text.ends_with(b".rs") && text.iter().all(u8::is_ascii_graphic) {
            text.fill(0);
        }
    }
}

/// Whether the function of this name is one of them.
pub(super) fn becomes_trap(mangled: &str) -> bool {
    only_panics(&plain_name(mangled))
}

/// The path of a function without hashes, whichever way it is mangled.
fn plain_name(mangled: &str) -> String {
    format!("{:#}", demangle(mangled))
}

fn only_panics(name: &str) -> bool {
    PANIC_FUNCTIONS.into_iter().chain([DEBUG_FMT]).any(|pattern| matches(name, pattern))
}

fn matches(name: &str, pattern: &str) -> bool {
    name.contains(pattern) && !name.contains(PANIC_COUNT) && (pattern != DEBUG_FMT || is_of_std(name))
}

/// Whether an implementation, such as `<&core::fmt::Error as core::fmt::Debug>::fmt`, is for a type of the standard library.
fn is_of_std(name: &str) -> bool {
    let implementer = name.trim_start_matches('<').split(" as ").next().unwrap_or_default();
    let path =
        implementer.trim_start_matches(['&', '*']).trim_start_matches("mut ").trim_start_matches("dyn ");
    ["core::", "alloc::", "std::"].iter().any(|krate| path.starts_with(krate)) || !path.contains("::")
}

#[cfg(test)]
mod tests {
    use walrus::FunctionBuilder;

    use super::*;

    /// One function for each pattern, then these; each returns 7. The data are the messages, and a text that a person reads.
    fn module(more: &[&str]) -> Module {
        let mut module = Module::default();
        let texts = PANIC_MESSAGES.concat() + "Sign in";
        module.data.add(walrus::DataKind::Passive, texts.into_bytes());
        let patterns = PANIC_FUNCTIONS.iter().map(|pattern| format!("core{pattern}"));
        let debug = format!("<char{DEBUG_FMT}");
        for name in patterns.chain([debug]).chain(more.iter().map(|name| (*name).to_owned())) {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[walrus::ValType::I32]);
            builder.name(name).func_body().i32_const(7);
            builder.finish(Vec::new(), &mut module.funcs);
        }
        module
    }

    fn traps(module: &Module, name: &str) -> bool {
        let id = module.funcs.by_name(name).unwrap();
        let function = module.funcs.get(id).kind.unwrap_local();
        matches!(function.block(function.entry_block()).instrs.as_slice(), [(Instr::Unreachable(_), _)])
    }

    #[test]
    fn paths_of_source_files_are_blanked_and_other_text_stays() {
        let mut data = *b"Sign in\0src/a.rs\0see b.rs\0.rs!";
        blank_source_paths(&mut data);
        assert_eq!(&data, b"Sign in\0\0\0\0\0\0\0\0\0\0see b.rs\0.rs!");
    }

    #[test]
    fn messages_of_panics_are_blanked_and_one_that_is_missing_is_an_error() {
        let mut module = module(&[]);
        remove(&mut module).unwrap();
        let data = &module.data.iter().next().unwrap().value;
        assert!(data.ends_with(b"\0Sign in") && data.iter().filter(|byte| **byte != 0).count() == 7);
        let missing = remove(&mut module).unwrap_err().to_string();
        assert!(missing.contains(PANIC_MESSAGES[0]), "{missing}");
    }

    #[test]
    fn a_function_that_only_panics_becomes_a_trap_and_others_stay() {
        let others =
            ["app::page", "std::panicking::panic_count::is_zero", "<app::Value as core::fmt::Debug>::fmt"];
        let only_panics = ["core::panicking::panic_fmt", "<&core::fmt::Error as core::fmt::Debug>::fmt.396"];
        let mut module = module(&[others, ["_RNvNtCsgXGp5Oqx2Ny_4core9panicking5panic"; 3]].concat());
        for name in only_panics {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned());
            builder.finish(Vec::new(), &mut module.funcs);
        }
        remove(&mut module).unwrap();
        for name in only_panics.into_iter().chain(["_RNvNtCsgXGp5Oqx2Ny_4core9panicking5panic"]) {
            assert!(traps(&module, name), "{name}");
        }
        for name in others {
            assert!(!traps(&module, name), "{name}");
        }
    }

    #[test]
    fn a_pattern_that_matches_no_function_fails_the_build() {
        let mut complete = module(&[]);
        assert_eq!(remove(&mut complete), Ok(()));
        let mut renamed = module(&[]);
        let id = renamed.funcs.by_name("core::handle_alloc_error").unwrap();
        renamed.funcs.get_mut(id).name = Some("core::handle_allocation_error".to_owned());
        let error = remove(&mut renamed).unwrap_err().to_string();
        assert!(error.contains("`::handle_alloc_error`") && error.contains("panics.rs"), "{error}");
    }

    #[test]
    fn a_module_without_names_fails_the_build() {
        assert!(remove(&mut Module::default()).is_err());
    }
}
