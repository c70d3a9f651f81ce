// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.platform.problem.ProblemException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BudgetTermsTest {
    private final BudgetTerms terms =
            new BudgetTerms("EUR", 1000, List.of(100, 50, 80, 50), new BudgetCaps(90, 100, 120));

    @Test
    void stepsFollowEachOther() {
        assertThat(terms.step(899)).isNull();
        assertThat(terms.step(900)).isEqualTo(BudgetStep.THROTTLE);
        assertThat(terms.step(999)).isEqualTo(BudgetStep.THROTTLE);
        assertThat(terms.step(1000)).isEqualTo(BudgetStep.FREEZE);
        assertThat(terms.step(1200)).isEqualTo(BudgetStep.STOP);
        assertThat(new BudgetTerms("EUR", 1000, List.of(), BudgetCaps.NONE).step(Long.MAX_VALUE))
                .isNull();
    }

    @Test
    void anAlertIsToldOnceAndAgainAfterTheBudgetWasRaised() {
        assertThat(terms.due(499, 0)).isEmpty();
        assertThat(terms.due(850, 0)).containsExactly(50, 80);
        assertThat(terms.due(850, 80)).isEmpty();
        assertThat(terms.due(1000, 80)).containsExactly(100);
        BudgetTerms raised = new BudgetTerms("EUR", 2000, terms.alerts(), terms.caps());
        assertThat(raised.stillTold(1000, 100)).isEqualTo(50);
        assertThat(raised.due(1600, 50)).containsExactly(80);
    }

    @Test
    void whatGoesFurtherComesNoSooner() {
        new BudgetCaps(80, 80, null).requireOrder();
        new BudgetCaps(null, null, 10).requireOrder();
        assertThatThrownBy(() -> new BudgetCaps(80, null, 79).requireOrder())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("caps.stopAt");
    }

    @Property
    void nothingIsDoneBeforeItsShareIsSpentNorAfterIsItLeftOut(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long monthly,
            @ForAll @LongRange(min = 0) long spent) {
        var any = new BudgetTerms("EUR", monthly, List.of(100), new BudgetCaps(null, null, 100));
        assertThat(any.step(spent) == BudgetStep.STOP).isEqualTo(spent >= monthly);
        assertThat(any.due(spent, 0).isEmpty()).isEqualTo(spent < monthly);
    }
}
