//! The lowered contract to Rust, by progenitor. The only module that runs it.
//!
//! Its settings are here; what they cannot say is `postprocess`'s.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor_impl::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl,
};
use quote::quote;

use crate::document::model::operation_slots;
use crate::lower::{BOOLEAN_OR_TEXT, Lowered};
use crate::operations::OperationFacts;
use crate::trim::trim;

/// Generates the client of a lowered contract.
pub(crate) fn generate(lowered: &Lowered) -> Result<syn::File, String> {
    run(&lowered.api, &lowered.flags)
}

/// The operation that the generator cannot take, when one alone is to blame.
pub(crate) fn find_failing_operation(lowered: &Lowered) -> Option<&OperationFacts> {
    lowered.operations.iter().find(|operation| {
        let mut api = lowered.api.clone();
        for item in api.paths.paths.values_mut() {
            if let openapiv3::ReferenceOr::Item(item) = item {
                for (_, slot) in operation_slots(item) {
                    slot.take_if(|it| it.operation_id.as_ref() != Some(&operation.name));
                }
            }
        }
        run(&api, &lowered.flags).is_err()
    })
}

/// The schema that the generator cannot take, when one alone is to blame.
pub(crate) fn find_failing_schema(lowered: &Lowered) -> Option<String> {
    let mut api = lowered.api.clone();
    api.paths.paths.clear();
    if run(&api, &lowered.flags).is_ok() {
        return None;
    }
    let names: Vec<String> = api.components.as_ref()?.schemas.keys().cloned().collect();
    names.into_iter().find(|name| {
        let mut without = api.clone();
        if let Some(components) = &mut without.components {
            let any = openapiv3::Schema {
                schema_data: openapiv3::SchemaData::default(),
                schema_kind: openapiv3::SchemaKind::Any(openapiv3::AnySchema::default()),
            };
            components
                .schemas
                .insert(name.clone(), openapiv3::ReferenceOr::Item(any));
        }
        run(&without, &lowered.flags).is_ok()
    })
}

fn run(api: &OpenAPI, flags: &[String]) -> Result<syn::File, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(Inner))
        .with_map_type("::std::collections::BTreeMap");
    for flag in flags {
        settings.with_replacement(
            flag,
            BOOLEAN_OR_TEXT,
            [TypeImpl::Default, TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    }
    // The generator panics where it meets what it does not know. The panic is caught, and its
    // text kept out of sight, for it says where in the generator, not where in the contract.
    let tokens = catch_panic_silently(|| Generator::new(&settings).generate_tokens(api))?
        .map_err(|error| error.to_string())?;
    syn::parse2(trim(tokens)).map_err(|error| format!("the generator wrote no valid Rust: {error}"))
}

fn catch_panic_silently<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    thread_local! {
        static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    outcome.map_err(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no reason given");
        // What it prints after the first line is its own data.
        text.lines().next().unwrap_or_default().to_owned()
    })
}
