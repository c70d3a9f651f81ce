// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** A path or another text as messages show it, put together only when somebody reads it. */
record Quoted(String text) {
    @Override
    public String toString() {
        return "'" + text + "'";
    }
}
