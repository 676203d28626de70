//! Rust syntax to text: the same bytes everywhere, for `prettyplease` needs no toolchain.

/// Renders `file` below a line that says where it came from.
pub(crate) fn render(file: &syn::File, contract: &str) -> String {
    let body = prettyplease::unparse(file);
    format!(
        "// Generated from {contract} by `cargo xtask regen`. Change the contract, not this file.\n\
         // @generated\n\n{body}"
    )
}
