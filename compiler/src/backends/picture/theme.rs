//! Colours. They are written out in every rule, as many programs that read SVG know no CSS variables.

use std::fmt::Write;

/// Which colours a picture has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// Light, and dark for readers who prefer that.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

struct Palette {
    page: &'static str,
    ink: &'static str,
    faint: &'static str,
    line: &'static str,
    down: &'static str,
    frame: &'static str,
    frame_edge: &'static str,
    bar: &'static str,
    bar_edge: &'static str,
    lag: &'static str,
    /// By name of the icon.
    icons: [(&'static str, &'static str); 8],
}

const LIGHT: Palette = Palette {
    page: "#ffffff",
    ink: "#1c2733",
    faint: "#5a6875",
    line: "#6b7a89",
    down: "#c2321f",
    frame: "#f4f6f9",
    frame_edge: "#b9c4cf",
    bar: "#e2f1e8",
    bar_edge: "#3c8a5e",
    lag: "#b7791f",
    icons: [
        ("router", "#2461a6"),
        ("switch", "#0f7a78"),
        ("firewall", "#b4452c"),
        ("host", "#566577"),
        ("server", "#5d4c9c"),
        ("cloud", "#6d8399"),
        ("appliance", "#8f6410"),
        ("generic", "#707c88"),
    ],
};

const DARK: Palette = Palette {
    page: "#15191f",
    ink: "#e6ebf1",
    faint: "#9fadba",
    line: "#8795a4",
    down: "#ff7b66",
    frame: "#1c222a",
    frame_edge: "#45515e",
    bar: "#1d3a2b",
    bar_edge: "#5cb585",
    lag: "#e0a94a",
    icons: [
        ("router", "#3f7fca"),
        ("switch", "#1f9793"),
        ("firewall", "#cf5d43"),
        ("host", "#6f8093"),
        ("server", "#7967bd"),
        ("cloud", "#7f96ad"),
        ("appliance", "#b08226"),
        ("generic", "#84919e"),
    ],
};

/// The style sheet of a picture.
pub(super) fn style(theme: Theme) -> String {
    let mut css = String::from(SHAPES);
    match theme {
        Theme::Light => css.push_str(&rules(&LIGHT)),
        Theme::Dark => css.push_str(&rules(&DARK)),
        Theme::Auto => {
            css.push_str(&rules(&LIGHT));
            let _ = write!(css, "@media (prefers-color-scheme:dark){{\n{}}}\n", rules(&DARK));
        }
    }
    css
}

/// What does not depend on colours. Every rule is below one class, so that a page around the picture keeps its own.
const SHAPES: &str = "\
.wtop text{font-family:Arial,Helvetica,'Liberation Sans',sans-serif}
.wtop .title{font-size:17px;font-weight:bold}
.wtop .name{font-size:12px;font-weight:bold;text-anchor:middle}
.wtop .device{font-size:10px;text-anchor:middle}
.wtop .bar text{font-size:11px;text-anchor:middle}
.wtop .frame-title{font-size:12px;font-weight:bold}
.wtop .label text{font-size:9px}
.wtop .frame-title,.wtop .label text{stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.wtop .link path{fill:none;stroke-width:1.5}
.wtop .link .down{stroke-dasharray:5 4}
.wtop .lag path{fill:none;stroke-linecap:round}
.wtop .glyph{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.wtop .dots{fill:#fff}
";

fn rules(palette: &Palette) -> String {
    let Palette { page, ink, faint, line, down, frame, frame_edge, bar, bar_edge, lag, icons } = palette;
    let mut css = format!(
        "\
.wtop .page{{fill:{page}}}
.wtop text{{fill:{ink}}}
.wtop .device,.wtop .label text{{fill:{faint}}}
.wtop .label text{{stroke:{page}}}
.wtop .frame-title{{stroke:{frame}}}
.wtop .label.main text{{fill:{ink}}}
.wtop .link path{{stroke:{line}}}
.wtop .link .down{{stroke:{down}}}
.wtop .tap{{fill:{line}}}
.wtop .frame rect{{fill:{frame};stroke:{frame_edge}}}
.wtop .bar rect{{fill:{bar};stroke:{bar_edge}}}
.wtop .lag .outer{{stroke:{lag}}}
.wtop .lag .inner{{stroke:{page}}}
"
    );
    for (icon, colour) in icons {
        let _ = writeln!(css, ".wtop .{icon}{{fill:{colour}}}");
    }
    css
}
