//! Colours. They are written out in every rule, as many programs that read SVG know no CSS variables.

use super::Icon;
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
    icon: fn(Icon) -> &'static str,
}

/// The colour of an icon on a light page.
pub(super) fn colour(icon: Icon) -> &'static str {
    match icon {
        Icon::Router => "#2461a6",
        Icon::Switch => "#0f7a78",
        Icon::Firewall => "#b4452c",
        Icon::Host => "#566577",
        Icon::Server => "#5d4c9c",
        Icon::Cloud => "#6d8399",
        Icon::Appliance => "#8f6410",
        Icon::AccessPoint => "#4a7a22",
        Icon::LoadBalancer => "#94407f",
        Icon::Phone => "#3d6f8c",
        Icon::Generic => "#707c88",
    }
}

fn dark_colour(icon: Icon) -> &'static str {
    match icon {
        Icon::Router => "#3f7fca",
        Icon::Switch => "#1a8784",
        Icon::Firewall => "#cf5d43",
        Icon::Host => "#6f8093",
        Icon::Server => "#7967bd",
        Icon::Cloud => "#7f96ad",
        Icon::Appliance => "#a37820",
        Icon::AccessPoint => "#5f932f",
        Icon::LoadBalancer => "#b5599f",
        Icon::Phone => "#4f89a9",
        Icon::Generic => "#7b8894",
    }
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
    icon: colour,
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
    icon: dark_colour,
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

/// The style sheet of a picture in a page whose root may say `data-theme`; else the reader's wish counts.
pub(super) fn switchable() -> String {
    let below = |root: &str, palette: &Palette| rules(palette).replace(".wtop ", &format!("{root} .wtop "));
    format!(
        "{SHAPES}{}{}@media (prefers-color-scheme:dark){{\n{}}}\n",
        rules(&LIGHT),
        below(":root[data-theme=dark]", &DARK),
        below(":root:not([data-theme=light])", &DARK)
    )
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
";

fn rules(palette: &Palette) -> String {
    let Palette { page, ink, faint, line, down, frame, frame_edge, bar, bar_edge, lag, icon } = palette;
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
    for (name, one) in Icon::ALL {
        let _ = writeln!(css, ".wtop .{name}{{fill:{}}}", icon(one));
    }
    css
}
