import { join } from 'node:path';

/** Text in any language of the sandbox, and emoji. */
export const fontPackages = ['fonts-dejavu-core', 'fonts-noto-color-emoji'] as const;

/**
 * A configuration for fontconfig (`FONTCONFIG_FILE`): the machine's fonts and those unpacked in `root`.
 * A bare machine has none of its own, and without one a browser draws no text.
 */
export function fontConfiguration(root: string): string {
  const families = Object.entries({
    'sans-serif': 'DejaVu Sans',
    serif: 'DejaVu Serif',
    monospace: 'DejaVu Sans Mono',
    emoji: 'Noto Color Emoji',
  });
  const alias = ([family, font]: [string, string]) =>
    `  <alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    '  <dir>/usr/share/fonts</dir>',
    `  <dir>${escapeXml(join(root, 'usr/share/fonts'))}</dir>`,
    `  <cachedir>${escapeXml(join(root, 'var/cache/fontconfig'))}</cachedir>`,
    ...families.map(alias),
    '</fontconfig>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
