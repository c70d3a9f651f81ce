// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputBudgetTest {
    private final List<String> ended = new ArrayList<>();
    private final InputBudget budget = new InputBudget(100, 250);

    private InputBudget.Account account(String tenant, String name) {
        InputBudget.Account account = budget.account(() -> ended.add(name));
        account.loggedIn(tenant);
        return account;
    }

    @Test
    void whatIsTakenIsHeldNoLonger() {
        InputBudget.Account one = account("acme", "one");
        for (int i = 0; i < 100; i++) {
            one.add(100);
            one.add(-100);
        }
        assertThat(ended).isEmpty();
        one.add(101);
        assertThat(ended).containsExactly("one");
    }

    @Test
    void theOneThatHoldsMostOfItsTenantsPartGoes() {
        InputBudget.Account hog = account("acme", "hog");
        InputBudget.Account modest = account("acme", "modest");
        InputBudget.Account stranger = account("globex", "stranger");
        stranger.add(99);
        hog.add(80);
        modest.add(21);
        assertThat(ended).containsExactly("hog");
        modest.add(70);
        assertThat(ended).as("what the other held is free at once").containsExactly("hog");
    }

    @Test
    void ofAllTheGreatestTenantsGoes() {
        account("acme", "acme").add(90);
        account("globex", "globex").add(80);
        account("initech", "initech").add(81);
        assertThat(ended).containsExactly("acme");
    }

    @Test
    void whoHasGoneCountsNoMore() {
        InputBudget.Account gone = account("acme", "gone");
        gone.add(100);
        gone.close();
        gone.add(-60);
        gone.add(500);
        account("acme", "next").add(100);
        assertThat(ended).isEmpty();
    }

    @Test
    void nobodyEndsTwice() {
        InputBudget.Account hog = account("acme", "hog");
        hog.add(101);
        hog.add(101);
        hog.close();
        assertThat(ended).containsExactly("hog");
    }
}
