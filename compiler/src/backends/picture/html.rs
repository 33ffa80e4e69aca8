//! A scene as one HTML page that asks nothing of a network: to be looked at closely, by mouse, finger or keyboard.

use super::scene::Scene;
use super::svg::write_scene;
use super::text::xml;
use super::theme::{Theme, switchable};

/// What the page does: moves and zooms the picture, and switches between light and dark.
const SCRIPT: &str = include_str!("page.js");
/// How the page around the picture looks.
const STYLE: &str = include_str!("page.css");

/// Writes a scene as a page. [`Theme::Auto`] begins as the reader prefers; there is a switch in any case.
pub fn html(scene: &Scene, theme: Theme) -> String {
    let name = xml(scene.name());
    let chosen = match theme {
        Theme::Auto => "",
        Theme::Light => r#" data-theme="light""#,
        Theme::Dark => r#" data-theme="dark""#,
    };
    let mut picture = String::new();
    // Writing to a string cannot fail.
    let _ = write_scene(&mut picture, scene, &switchable());
    format!(
        r#"<!DOCTYPE html>
<html lang="en"{chosen}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{name}</title>
<style>
{STYLE}</style>
</head>
<body>
<main id="view" tabindex="0" aria-label="{name}: arrow keys move the picture, plus and minus zoom, 0 shows all of it">
{picture}</main>
<div id="tools" role="toolbar" aria-label="View">
<button type="button" id="closer" title="Zoom in (+)" aria-label="Zoom in">+</button>
<button type="button" id="further" title="Zoom out (-)" aria-label="Zoom out">&#8722;</button>
<button type="button" id="all" title="Show all (0)" aria-label="Show all">&#9633;</button>
<button type="button" id="shade" title="Light or dark (T)" aria-label="Light or dark">&#9680;</button>
</div>
<p id="facts" role="status"></p>
<script>
{SCRIPT}</script>
</body>
</html>
"#
    )
}
