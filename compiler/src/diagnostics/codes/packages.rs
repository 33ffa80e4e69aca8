//! E0909 and later: packages, and the files that name them.

use super::codes;

codes! {
    E0909: "`wtop.toml` is not TOML" {
        "`wtop.toml` in the root of a project says which packages the project uses, in the form of [TOML](https://toml.io). A marker that a merge left behind, a bracket that is not closed or a name given twice are the usual reasons."
        wrong: "// In wtop.toml: packages.site = { path = \"site\"\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0910: "`wtop.toml` has an unknown key" {
        "`wtop.toml` has one table, `packages`. A package has either `git` and `rev`, or `path`."
        wrong: "// In wtop.toml: packages.site = { pth = \"site\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0911: "a package is not described as it must be" {
        "A package is fetched by git, `{ git = \"https://…\", rev = \"v1.2\" }`, or lies in the same repository as the project, `{ path = \"../devices\" }`. A revision is a tag, a branch or all digits of a commit. Addresses begin with `https://`, `ssh://` or `file://`, without user names and passwords for https: whoever may read the project could read them too."
        wrong: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0912: "a package cannot have this name" {
        "A package is called by its name in `use`, so it must be a name of the language: letters, digits, `_`, and `-` inside, with a letter first. `std` is the library that comes with wtop."
        wrong: "// In wtop.toml: packages.std = { path = \"site\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0913: "a package is not fetched" {
        "Nothing but `wtop fetch` uses the network: so the same files always compile to the same lab, also without a connection. Run it once after the package, its address or its revision changed in `wtop.toml`, and on each machine. What it found is kept in `wtop.lock`."
        wrong: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\n// In wtop.lock: package = [{ git = \"https://git.example/site.git\", rev = \"v1\", commit = \"6a1e0c6f0f3b6d7c1f0e2a9b8c7d6e5f4a3b2c1d\", sha256 = \"25c6eefdd4d8c22e2d90f5b9ea848f5d22880aa319cfb61bc146764f896fc35b\" }]\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0914: "the files of a package are not those of the lock" {
        "`wtop.lock` holds a number that is made of every byte of a package. The files in the cache give another one: somebody changed them, or the lock. `wtop fetch` fetches the package anew. If it says that the repository itself gives other files, the lock was changed, and the list of its changes in version control says by whom."
        wrong: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\n// In wtop.lock: package = [{ git = \"https://git.example/site.git\", rev = \"v1\", commit = \"6a1e0c6f0f3b6d7c1f0e2a9b8c7d6e5f4a3b2c1d\", sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\" }]\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\n// In wtop.lock: package = [{ git = \"https://git.example/site.git\", rev = \"v1\", commit = \"6a1e0c6f0f3b6d7c1f0e2a9b8c7d6e5f4a3b2c1d\", sha256 = \"25c6eefdd4d8c22e2d90f5b9ea848f5d22880aa319cfb61bc146764f896fc35b\" }]\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0915: "`wtop.lock` cannot be read" {
        "`wtop fetch` writes `wtop.lock`, and nobody edits it. After a merge that went wrong, delete it and run `wtop fetch`."
        wrong: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\n// In wtop.lock: <<<<<<< HEAD\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { git = \"https://git.example/site.git\", rev = \"v1\" }\n// In wtop.lock: package = [{ git = \"https://git.example/site.git\", rev = \"v1\", commit = \"6a1e0c6f0f3b6d7c1f0e2a9b8c7d6e5f4a3b2c1d\", sha256 = \"25c6eefdd4d8c22e2d90f5b9ea848f5d22880aa319cfb61bc146764f896fc35b\" }]\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0916: "a local package cannot be read" {
        "The `path` of a package leads to no folder, or out of the repository that the project lies in: the nearest folder above with `.git`, or else the project itself. A lab that somebody sends must not be able to read other files of the machine. A package from elsewhere is fetched by git."
        wrong: "// In wtop.toml: packages.site = { path = \"../site\" }\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
    E0917: "a package has no such file" {
        "The names after that of the package lead to a file in it, and then to an item of that file: `site.juniper.mx` is the item `mx` of `juniper/mx.wtop`, and `site.devices.edge` the item `edge` of `devices.wtop`."
        wrong: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nuse site.juniper.mx\nnode a: mx\nnode b: debian\nlink a <-> b\n"
        right: "// In wtop.toml: packages.site = { path = \"site\" }\ntopology t\nuse site.devices.edge\nnode a: edge\nnode b: debian\nlink a <-> b\n"
    }
}
