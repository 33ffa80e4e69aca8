//! Volumes of storage pools: made, filled through libvirt's streams, and deleted.

use crate::connect::Hypervisor;
use crate::desired::DesiredVolume;
use crate::images::Place;
use crate::problem::{Problem, refused};
use crate::rewrite::escaped;
use crate::sources::{Image, seal};
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use virt::storage_pool::StoragePool;
use virt::storage_vol::StorageVol;
use virt::stream::Stream;

/// So many bytes go to libvirt at once: its messages hold no more than 4 MiB.
const PIECE: usize = 256 * 1024;

/// Makes a volume anew, and fills it.
///
/// # Errors
/// Libvirt refuses it.
pub fn make(hypervisor: &Hypervisor, pool: &str, wanted: &DesiredVolume) -> Result<(), Problem> {
    let name = &wanted.name;
    let doing = format!("make the volume `{name}`");
    let image = wanted.image.as_ref().map(|image| Ok((path(hypervisor, pool, image)?, image.format.as_str())));
    let pool = find_pool(hypervisor, pool)?;
    delete(&pool, name)?;
    // The mock does not read the size of an image, and so needs one to be said.
    let least = hypervisor.is_embedded().then_some(0);
    let xml = xml(wanted, image.transpose()?, least);
    let volume = StorageVol::create_xml(&pool, &xml, 0).map_err(|error| refused(&doing, &error))?;
    let Some(content) = &wanted.content else { return Ok(()) };
    fill(hypervisor, &volume, name, &mut content.0.as_slice(), content.0.len() as u64)
}

/// Copies the file of an image into a pool, and seals the copy when it is whole.
///
/// # Errors
/// The file cannot be read, or libvirt refuses it; then no part of the copy stays.
pub fn copy_image(hypervisor: &Hypervisor, pool: &str, image: &Image) -> Result<(), Problem> {
    let (Some(copy), Place::File(path)) = (&image.copy, &image.place) else { return Ok(()) };
    let pool = find_pool(hypervisor, pool)?;
    delete(&pool, &seal(copy))?;
    delete(&pool, copy)?;
    let mut file = File::open(path).map_err(|error| Problem::io("read", path, &error))?;
    let size = file.metadata().map_err(|error| Problem::io("read", path, &error))?.len();
    let doing = format!("copy the image `{}` into its storage pool", image.name);
    // What is copied are bytes, whatever they mean.
    let volume = StorageVol::create_xml(&pool, &bytes_xml(copy, size), 0).map_err(|error| refused(&doing, &error))?;
    let copied = fill(hypervisor, &volume, copy, &mut file, size).and_then(|()| {
        StorageVol::create_xml(&pool, &bytes_xml(&seal(copy), 0), 0).map(drop).map_err(|error| refused(&doing, &error))
    });
    if copied.is_err() {
        // A copy without a seal is made anew in any case; this only gives its room back.
        let _ = delete(&pool, copy);
    }
    copied
}

/// Copies a volume and all that it stands on into another one of the same pool.
///
/// # Errors
/// There is one of that name, or libvirt refuses it.
pub fn copy_volume(hypervisor: &Hypervisor, pool: &str, from: &str, to: &str) -> Result<(), Problem> {
    let found = find_pool(hypervisor, pool)?;
    let doing = format!("copy the volume `{from}`");
    if found.lookup_storage_vol_by_name(to).is_ok() {
        return Err(
            Problem::new(format!("the pool `{pool}` has a volume `{to}` already")).help("give the image another name")
        );
    }
    let from = found.lookup_storage_vol_by_name(from).map_err(|error| refused(&doing, &error))?;
    let name = escaped(to);
    let xml =
        format!("<volume><name>{name}</name><capacity>0</capacity><target><format type='qcow2'/></target></volume>");
    StorageVol::create_xml_from(&found, &xml, &from, 0).map(drop).map_err(|error| refused(&doing, &error))
}

/// Deletes a volume, if there is one.
///
/// # Errors
/// Libvirt refuses it.
pub fn delete(pool: &StoragePool, name: &str) -> Result<(), Problem> {
    let Ok(volume) = pool.lookup_storage_vol_by_name(name) else { return Ok(()) };
    volume.delete(0).map_err(|error| refused(&format!("delete the volume `{name}`"), &error))
}

fn find_pool(hypervisor: &Hypervisor, name: &str) -> Result<StoragePool, Problem> {
    let found = hypervisor.connection.lookup_storage_pool_by_name(name);
    found.map_err(|error| refused(&format!("find the storage pool `{name}`"), &error))
}

/// The file of an image where the hypervisor runs.
fn path(hypervisor: &Hypervisor, pool: &str, image: &Image) -> Result<String, Problem> {
    let (pool, volume) = match (&image.copy, &image.place) {
        (Some(copy), _) => (pool, copy),
        (None, Place::Volume { pool, volume }) => (pool.as_str(), volume),
        (None, Place::File(path)) => return Ok(path.display().to_string()),
    };
    let doing = format!("find the image `{}`, the volume `{volume}` of the pool `{pool}`", image.name);
    let found = find_pool(hypervisor, pool)?.lookup_storage_vol_by_name(volume);
    found
        .and_then(|volume| volume.path())
        .map_err(|error| refused(&doing, &error).help("`virsh pool-refresh` shows libvirt files that came without it"))
}

/// Sends bytes into a volume.
fn fill(
    hypervisor: &Hypervisor,
    volume: &StorageVol,
    name: &str,
    from: &mut dyn Read,
    length: u64,
) -> Result<(), Problem> {
    if hypervisor.is_embedded() {
        return Ok(()); // the mock's volumes hold nothing
    }
    let doing = format!("fill the volume `{name}`");
    let stream = Stream::new(&hypervisor.connection, 0).map_err(|error| refused(&doing, &error))?;
    volume.upload(&stream, 0, length, 0).map_err(|error| refused(&doing, &error))?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = from
            .read(&mut piece)
            .map_err(|error| Problem::new(format!("cannot read what goes into `{name}`: {error}")))?;
        let mut rest = piece.get(..read).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        while !rest.is_empty() {
            let sent = stream.send(rest).map_err(|error| refused(&doing, &error))?;
            rest = usize::try_from(sent).ok().and_then(|sent| rest.get(sent..)).unwrap_or_default();
        }
    }
    stream.finish().map_err(|error| refused(&doing, &error))
}

/// A volume as libvirt takes it; `unsized_as` is its size where nothing else says one.
fn xml(wanted: &DesiredVolume, image: Option<(String, &str)>, unsized_as: Option<u64>) -> String {
    let mut xml = format!("<volume><name>{}</name>", escaped(&wanted.name));
    let mut put = |text: std::fmt::Arguments<'_>| {
        // Writing into memory cannot fail.
        let _ = xml.write_fmt(text);
    };
    if let Some(capacity) = wanted.capacity.or(unsized_as) {
        put(format_args!("<capacity unit='bytes'>{capacity}</capacity>"));
    }
    put(format_args!("<target><format type='{}'/></target>", escaped(&wanted.format)));
    if let Some((path, format)) = image {
        let (path, format) = (escaped(&path), escaped(format));
        put(format_args!("<backingStore><path>{path}</path><format type='{format}'/></backingStore>"));
    }
    xml.push_str("</volume>");
    xml
}

fn bytes_xml(name: &str, size: u64) -> String {
    let name = escaped(name);
    format!(
        "<volume><name>{name}</name><capacity unit='bytes'>{size}</capacity><allocation>0</allocation>\
         <target><format type='raw'/></target></volume>"
    )
}
