// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedPlatform.class)
class FrontDoorIT {
    private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");

    private final Api anybody;

    FrontDoorIT(RunningPlatform platform) {
        this.anybody = platform.anonymous();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "//sign-in",
                "//t/demo/containers/web?tab=console",
                "//t/demo/containers?state=RUNNING&state=STOPPED",
                "//admin/nodes",
                "//account/tokens"
            })
    void everyPageOfThePortalIsTheSameFile(String address) {
        Api.Answer page = anybody.get(address);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.response().body()).containsPattern(SCRIPT);
    }

    @Test
    void pagesMayRunAndShowNothingButTheirOwnFiles() {
        Api.Answer page = anybody.get("//");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
        assertThat(page.response().body()).doesNotContain("<style", "style=", "javascript:", "http://", "https://");
        assertThat(page.response().body().split("<script", -1)).hasSize(2);
    }

    @Test
    void assetsAreKeptForEverAndCompressed() {
        Matcher script = SCRIPT.matcher(anybody.get("//").response().body());
        assertThat(script.find()).isTrue();
        Api.Answer asset = anybody.with("Accept-Encoding", "gzip").get("/" + script.group(1));
        assertThat(asset.status()).isEqualTo(200);
        assertThat(asset.header("Cache-Control")).contains("max-age=31536000", "immutable");
        assertThat(asset.header("Content-Encoding")).isEqualTo("gzip");
    }

    /** BREACH: what holds secrets beside what an attacker chooses is never compressed. */
    @Test
    void answersOfTheInterfaceAreNotCompressed() {
        Api.Answer document = anybody.with("Accept-Encoding", "gzip").get("//v3/api-docs");
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.header("Content-Encoding")).isEmpty();
    }

    @Test
    void whatIsNoAssetIsNoPageEither() {
        assertThat(anybody.get("//assets/../application.properties").status()).isIn(400, 401, 404);
        assertThat(anybody.get("//assets/nothing.js").status()).isEqualTo(404);
        assertThat(anybody.get("//nothing").status()).isEqualTo(401);
    }

    @Test
    void theInterfaceCanBeLookedAt() {
        Api.Answer docs = anybody.get("//api/docs");
        assertThat(docs.status()).isEqualTo(302);
        assertThat(docs.header("Location")).endsWith("/swagger-ui/index.html");
    }
}
