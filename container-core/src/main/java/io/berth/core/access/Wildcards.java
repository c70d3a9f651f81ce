// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

/** OpenSSH's match_pattern: {@code *} is any text, {@code ?} one character. */
final class Wildcards {
    private Wildcards() {}

    /** In time proportional to the product of both lengths at most: no pattern of a tenant's makes it slow. */
    static boolean match(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }
}
