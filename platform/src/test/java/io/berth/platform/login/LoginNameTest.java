// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.InvalidSpecException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginNameTest {
    @ParameterizedTest
    @CsvSource({
        "web, root, web,",
        "www-data+web, www-data, web,",
        "web.acme, root, web, acme",
        "_apt+web-1.acme-2, _apt, web-1, acme-2",
    })
    void partsAreTold(String text, String user, String container, String tenant) {
        LoginName name = LoginName.parse(text);
        assertThat(name.guestUser().value()).isEqualTo(user);
        assertThat(name.container().value()).isEqualTo(container);
        assertThat(name.tenant() == null ? null : name.tenant().value()).isEqualTo(tenant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "+",
                "+web",
                "web.",
                "a+b+c",
                "a.b.c",
                "Web",
                "1web",
                "web-",
                "../etc",
                "we b",
                "web\u0000",
                "web\n",
                "ro.ot+web",
                "root+",
                "-oProxyCommand=id",
                "web.Acme"
            })
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> LoginName.parse(text)).isInstanceOf(InvalidSpecException.class);
    }
}
