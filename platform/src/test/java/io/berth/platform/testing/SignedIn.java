// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.util.List;
import java.util.Map;

/** A browser's session as its scripts have it: the cookie that they can't read, and the CSRF token that they send. */
public final class SignedIn {
    private SignedIn() {}

    /** @param begun the answer of POST /session */
    public static Api from(String address, Api.Answer begun) {
        String session = cookie(begun, "berth-session");
        Api.Answer me = new Api(address, Map.of("Cookie", session)).get("/session");
        String csrf = cookie(me, "XSRF-TOKEN");
        return new Api(
                address,
                Map.of("Cookie", session + "; " + csrf, "X-XSRF-TOKEN", csrf.substring(csrf.indexOf('=') + 1)));
    }

    private static String cookie(Api.Answer answer, String name) {
        List<String> cookies = answer.response().headers().allValues("set-cookie");
        return cookies.stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie " + name + " in " + answer + " " + cookies));
    }
}
