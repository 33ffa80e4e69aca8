//! The icons: simple shapes of 40 by 40 units around (0, 0), drawn for this project.

use super::Icon;

/// Width and height of an icon.
pub(super) const ICON: f64 = 40.0;

/// How the lines and the dots on an icon are drawn: white on its colour. Browsers apply no style rule with an ancestor to
/// what `use` shows, so it is said at each shape.
const GLYPH: &str = r##"fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round""##;
const DOTS: &str = r##"fill="#fff""##;

/// The shapes of an icon, without its own colour.
pub(super) fn shapes(icon: Icon) -> String {
    sketch(icon).replace(r#"class="glyph""#, GLYPH).replace(r#"class="dots""#, DOTS)
}

/// The shapes of an icon; `glyph` and `dots` stand for how they are drawn.
fn sketch(icon: Icon) -> &'static str {
    match icon {
        // Two arrows in, two arrows out.
        Icon::Router => {
            r#"<circle r="19"/><path class="glyph" d="M0 -4V-14M-4 -10L0 -14L4 -10M0 4V14M-4 10L0 14L4 10M-15 0H-5M-9 -4L-5 0L-9 4M15 0H5M9 -4L5 0L9 4"/>"#
        }
        // Arrows that pass each other.
        Icon::Switch => {
            r#"<rect x="-19" y="-19" width="38" height="38" rx="7"/><path class="glyph" d="M-13 -10H5M1 -14L5 -10L1 -6M13 -2H-5M-1 -6L-5 -2L-1 2M-13 6H5M1 2L5 6L1 10M13 13H-5M-1 9L-5 13L-1 17"/>"#
        }
        // A wall of bricks.
        Icon::Firewall => {
            r#"<rect x="-19" y="-17" width="38" height="34" rx="4"/><path class="glyph" d="M-18 -5.5H18M-18 5.5H18M-6 -16V-5.5M8 -16V-5.5M-12 -5.5V5.5M1 -5.5V5.5M13 -5.5V5.5M-6 5.5V16M8 5.5V16"/>"#
        }
        // A screen on its foot.
        Icon::Host => {
            r#"<rect x="-19" y="-17" width="38" height="27" rx="4"/><path d="M-4 10H4L6 16H10V19H-10V16H-6Z"/><path class="glyph" d="M-13 -11H13V4H-13Z"/>"#
        }
        // Three units in a rack.
        Icon::Server => {
            r#"<rect x="-15" y="-19" width="30" height="38" rx="4"/><path class="glyph" d="M-14 -6.5H14M-14 6.5H14M-3 -12.7H9M-3 0H9M-3 12.7H9"/><path class="dots" d="M-11 -14.7H-7V-10.7H-11ZM-11 -2H-7V2H-11ZM-11 10.7H-7V14.7H-11Z"/>"#
        }
        Icon::Cloud => r#"<path d="M-11 14A9.5 9.5 0 0 1 -12.5 -4.5A11.5 11.5 0 0 1 9 -8A11 11 0 0 1 11 14Z"/>"#,
        // A box with vents and two lamps.
        Icon::Appliance => {
            r#"<rect x="-19" y="-13" width="38" height="26" rx="4"/><path class="glyph" d="M-12 -5V5M-7 -5V5M-2 -5V5M3 -5V5"/><path class="dots" d="M8 -2H12V2H8ZM13.5 -2H16V2H13.5Z"/>"#
        }
        // An aerial and its waves.
        Icon::AccessPoint => {
            r#"<rect x="-19" y="-19" width="38" height="38" rx="13"/><path class="glyph" d="M-6.5 4.5A9 9 0 0 1 6.5 4.5M-10.5 -1.5A15.5 15.5 0 0 1 10.5 -1.5M-14 -8A22 22 0 0 1 14 -8"/><circle class="dots" cy="11" r="3.2"/>"#
        }
        // One way in, three ways out.
        Icon::LoadBalancer => {
            r#"<path d="M-8 -19H8L19 -8V8L8 19H-8L-19 8V-8Z"/><path class="glyph" d="M-15 0H12M-6 0L1 -10.5H12M-6 0L1 10.5H12M9.5 -13.5L12.5 -10.5L9.5 -7.5M9.5 -3L12.5 0L9.5 3M9.5 7.5L12.5 10.5L9.5 13.5"/>"#
        }
        // A receiver over its keys.
        Icon::Phone => {
            r#"<path d="M-19 -9V-12A7 7 0 0 1 -12 -19H12A7 7 0 0 1 19 -12V-9H10V-12H-10V-9Z"/><path d="M-9 -9H9L15 -4V15A4 4 0 0 1 11 19H-11A4 4 0 0 1 -15 15V-4Z"/><path class="dots" d="M-9 -2H-5V2H-9ZM-2 -2H2V2H-2ZM5 -2H9V2H5ZM-9 4.5H-5V8.5H-9ZM-2 4.5H2V8.5H-2ZM5 4.5H9V8.5H5ZM-9 11H-5V15H-9ZM-2 11H2V15H-2ZM5 11H9V15H5Z"/>"#
        }
        Icon::Generic => {
            r#"<rect x="-18" y="-18" width="36" height="36" rx="7"/><path class="glyph" d="M0 -10L10 -5V5L0 10L-10 5V-5ZM-10 -5L0 0L10 -5M0 0V10"/>"#
        }
    }
}
