// SPDX-License-Identifier: Apache-2.0

// CSI and OSC sequences and other escapes, ECMA-48; then what is left of control characters but tab and newline
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a terminal would show of it, without colours and movements. */
export function plain(text: string): string {
  return text.replace(ESCAPES, '').replaceAll('\r\n', '\n').replace(CONTROLS, '');
}
