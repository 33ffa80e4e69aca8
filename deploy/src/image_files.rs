//! Images as files of this machine: the simplest answer to which file an image is.

use crate::desired::Image;
use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// The file that an image means: as it is written, else with the ending of its format.
///
/// # Errors
/// There is no such file.
pub fn locate(written: &str, format: &str) -> Result<Image, Problem> {
    let path = Path::new(written);
    let with_ending = || path.with_file_name(format!("{}.{format}", path.file_name().unwrap_or_default().display()));
    let found = [path.to_path_buf(), with_ending()].into_iter().find(|path| path.is_file());
    match found {
        Some(path) => Ok(Image { path, format: format.to_owned() }),
        None => Err(Problem::new(format!("there is no image `{written}`"))
            .help("put the image there, or name its file in the `images` of the target")),
    }
}

/// Takes every image to be there: for a hypervisor whose files cannot be seen from here.
///
/// # Errors
/// None; it fits where [`locate`] does.
pub fn trust(written: &str, format: &str) -> Result<Image, Problem> {
    Ok(Image { path: PathBuf::from(written), format: format.to_owned() })
}
