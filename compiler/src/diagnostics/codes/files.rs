//! E09xx: files and what they import from each other.

use super::codes;

codes! {
    E0901: "a file cannot be read" {
        "The file does not exist, is a directory, is not UTF-8 text, is too large, or lies outside the project. Paths are relative to the file that names them. A path that leaves the project, also through a symbolic link, is refused: a lab is complete in its folder, and a file from elsewhere must not be readable by whoever writes a lab."
        wrong: "topology t\nuse \"./missing.wtop\".{edge}\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0902: "files import each other in a circle" {
        "A file is read after all that it imports, so imports cannot lead back to where they began. Move what both files need into a third one."
        wrong: "topology t\nuse \"./main.wtop\".{edge}\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0903: "a `use` names no items" {
        "There is no way to import everything of a file: a reader should see where each name comes from."
        wrong: "topology t\nuse \"./other.wtop\"\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse \"./other.wtop\".{edge}\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0904: "an imported item does not exist" {
        "The file was found, and it declares nothing of that name."
        wrong: "topology t\nuse \"./other.wtop\".{egde}\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse \"./other.wtop\".{edge}\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0905: "an imported item is private" {
        "Only items declared with `pub` can be used by other files."
        wrong: "topology t\nuse \"./other.wtop\".{secret-edge}\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse \"./other.wtop\".{edge}\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0906: "a name is imported that already exists" {
        "Each name means one thing in a file. Rename one of the two with `as`."
        wrong: "topology t\nuse \"./other.wtop\".{edge}\ndevice edge extends debian { cpu = 2 }\nnode a: edge\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse \"./other.wtop\".{edge as other-edge}\ndevice edge extends debian { cpu = 2 }\nnode a: edge\nnode b: other-edge\nlink a <-> b\n"
    }
    E0907: "a package does not exist" {
        "A path in `use` begins with a package; `std` is the library that comes with wtop. Files of your own are named by a string."
        wrong: "topology t\nuse nowhere.edge\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse std.juniper.vsrx\nnode a: vsrx\nnode b: debian\nlink a <-> b\n"
    }
    E0908: "the library has no such item" {
        "The path after `std` leads to no file of the library. `wtop devices` lists all devices; they are known by their short names without a `use`."
        wrong: "topology t\nuse std.juniper.vsrxx\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nuse std.juniper.vsrx\nnode a: vsrx\nnode b: debian\nlink a <-> b\n"
    }
}
