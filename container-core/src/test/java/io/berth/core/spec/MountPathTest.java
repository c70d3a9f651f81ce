// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/srv", "/srv/data", "/var/lib/postgresql/17/main", "/home/me/_x.y-Z", "/a/b/c/d/e/f/g/h"})
    void aPathInItsOneFormIsOne(String path) {
        assertThat(new MountPath(path).value()).isEqualTo(path);
        assertThat("/" + String.join("/", new MountPath(path).names())).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "srv",
                "//srv",
                "/srv/",
                "/srv//data",
                "/srv/./data",
                "/srv/../etc",
                "/..",
                "/.hidden",
                "/-x",
                "/srv/a b",
                "/srv/a\nb",
                "/srv/\u00e4",
                "/srv/$HOME",
                "/a/b/c/d/e/f/g/h/i",
                "/proc",
                "/proc/1/root",
                "/sys/fs",
                "/dev/shm",
                "/run/x"
            })
    void anythingElseIsNone(String path) {
        assertThatThrownBy(() -> new MountPath(path))
                .isInstanceOfSatisfying(
                        InvalidSpecException.class, e -> assertThat(e.field()).isEqualTo("path"));
    }

    @Test
    void aPathIsWithinItselfAndWhatItLiesBelow() {
        MountPath srv = new MountPath("/srv");
        assertThat(srv.isWithin(srv)).isTrue();
        assertThat(new MountPath("/srv/a").isWithin(srv)).isTrue();
        assertThat(srv.isWithin(new MountPath("/srv/a"))).isFalse();
        assertThat(new MountPath("/srv2").isWithin(srv)).isFalse();
        assertThat(new MountPath("/processes").names()).containsExactly("processes");
    }
}
