// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What clients have sent and no process has taken yet: it lies in the gateway's heap. A channel's window bounds it, but many channels
 * of many connections have many windows. To stop reading from a connection is no cure: its process may wait for what the client would
 * say next. So where a tenant, or all together, hold more than their part, the connection that holds most of it ends.
 */
final class InputBudget {
    private final long mostOfTenant;
    private final long mostOfAll;
    private final Map<String, Long> tenants = new HashMap<>();
    private final Set<Account> holding = new HashSet<>();
    private long all;

    /** @param mostOfTenant bytes */
    InputBudget(long mostOfTenant, long mostOfAll) {
        this.mostOfTenant = mostOfTenant;
        this.mostOfAll = mostOfAll;
    }

    /** With a quarter of this JVM's heap for all together: what is pending may have twice its size in arrays while it grows. */
    static InputBudget ofHeap(long mostOfTenant) {
        return new InputBudget(mostOfTenant, Runtime.getRuntime().maxMemory() / 4);
    }

    /** @param end ends the connection; called once at most, by a thread that may hold its locks */
    Account account(Runnable end) {
        return new Account(end);
    }

    /** One connection's. */
    final class Account {
        private final Runnable end;
        private String tenant = "";
        private long bytes;
        private boolean isClosed;

        private Account(Runnable end) {
            this.end = end;
        }

        /** Nothing is held before the login. */
        void loggedIn(String owner) {
            synchronized (InputBudget.this) {
                tenant = owner;
            }
        }

        /** @param count more bytes are held; fewer where it is negative */
        void add(int count) {
            Account most = change(count);
            if (most != null) {
                most.end.run();
            }
        }

        /** The connection has ended, and what it held is nobody's. */
        void close() {
            synchronized (InputBudget.this) {
                forget(this);
            }
        }

        private @Nullable Account change(int count) {
            synchronized (InputBudget.this) {
                if (isClosed) {
                    return null;
                }
                book(this, count);
                Account most = excessive(tenant);
                if (most != null) {
                    forget(most);
                }
                return most;
            }
        }
    }

    private void book(Account account, long count) {
        account.bytes += count;
        all += count;
        tenants.merge(account.tenant, count, Long::sum);
        tenants.remove(account.tenant, 0L);
        if (account.bytes == 0) {
            holding.remove(account);
        } else {
            holding.add(account);
        }
    }

    private void forget(Account account) {
        book(account, -account.bytes);
        account.isClosed = true;
    }

    /** @return who has to go; null for nobody */
    private @Nullable Account excessive(String tenant) {
        boolean isTenants = tenants.getOrDefault(tenant, 0L) > mostOfTenant;
        if (!isTenants && all <= mostOfAll) {
            return null;
        }
        String of = isTenants ? tenant : greatest();
        return holding.stream()
                .filter(account -> account.tenant.equals(of))
                .max(Comparator.comparingLong(account -> account.bytes))
                .orElse(null);
    }

    private String greatest() {
        return tenants.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
