//! Copies of directories, for workspaces and packages that commands work on.

use std::fs;
use std::io;
use std::path::Path;

/// Copies a directory with everything in it. Rights are not copied, so that copies of read-only files can
/// be written.
///
/// # Errors
///
/// A file cannot be read or written; the error names it.
pub fn copy_directory(from: &Path, to: &Path) -> io::Result<()> {
    let at = |path: &Path, error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(to).map_err(|error| at(to, error))?;
    for entry in fs::read_dir(from).map_err(|error| at(from, error))? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_directory(&path, &target)?;
        } else {
            let content = fs::read(&path).map_err(|error| at(&path, error))?;
            fs::write(&target, content).map_err(|error| at(&target, error))?;
        }
    }
    Ok(())
}
