// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.lsm.NoModule;
import io.berth.core.runtime.RuntimeSettings.Lsm.Required;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequiredModuleTest {
    private static final NoModule NONE =
            new NoModule("AppArmor is on, but there is no apparmor_parser", "apt-get install apparmor");

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void nodeDoesNotOpenWithoutWhatIsRequired(Required required) {
        assertThatThrownBy(() -> Opening.require(required, NONE))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("BERTH_REQUIRE_LSM is '" + required.name().toLowerCase(Locale.ROOT) + "'")
                .hasMessageContaining("there is no apparmor_parser")
                .hasMessageContaining("apt-get install apparmor, or set it to none");
    }

    @Test
    void nothingIsRequiredByDefault() {
        assertThatCode(() -> Opening.require(RuntimeSettings.Lsm.DEFAULT.required(), NONE))
                .doesNotThrowAnyException();
    }
}
