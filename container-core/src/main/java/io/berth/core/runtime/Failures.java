// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.CgroupException;
import io.berth.core.cgroup.MemoryInUseException;
import io.berth.core.idmap.UidsExhaustedException;
import io.berth.core.image.ImageException;
import io.berth.core.linux.Errno;
import io.berth.core.linux.SyscallException;
import io.berth.core.network.AddressesExhaustedException;
import io.berth.core.network.NetworkException;
import io.berth.core.plan.PlanException;
import io.berth.core.protocol.Refusal;
import io.berth.core.storage.StorageException;
import java.util.function.Supplier;

/** What the kernel packages throw, told as the "no" of a verb. Their messages bear what was wrong and the cure already. */
final class Failures {
    private Failures() {}

    /** Runs a verb; anything that is no {@link ContainerException} yet becomes one if its kind is known. */
    static <T> T told(Supplier<T> verb) {
        try {
            return verb.get();
        } catch (MemoryInUseException e) {
            throw refused(Refusal.CONFLICT, e);
        } catch (AddressesExhaustedException | UidsExhaustedException e) {
            throw refused(Refusal.EXHAUSTED, e);
        } catch (ImageException.Unknown e) {
            throw refused(Refusal.NOT_FOUND, e);
        } catch (ImageException.InUse e) {
            throw refused(Refusal.CONFLICT, e);
        } catch (ImageException.MissingTool e) {
            throw refused(Refusal.UNSUPPORTED, e);
        } catch (ImageException.Refused e) {
            throw refused(Refusal.INVALID, e);
        } catch (ImageException e) {
            throw refused(Refusal.FAILED, e);
        } catch (StorageException.PoolFull e) {
            throw refused(Refusal.EXHAUSTED, e);
        } catch (StorageException.MissingFeature e) {
            throw refused(Refusal.UNSUPPORTED, e);
        } catch (StorageException.NoSuchTree e) {
            throw refused(Refusal.NOT_FOUND, e);
        } catch (StorageException.NoCopy e) {
            throw refused(Refusal.CONFLICT, e);
        } catch (CgroupException | NetworkException e) {
            throw refused(Refusal.FAILED, e);
        } catch (PlanException e) {
            throw refused(refusal(e.errno()), e);
        } catch (SyscallException e) {
            throw refused(refusal(e.errno()), e);
        }
    }

    private static Refusal refusal(Errno errno) {
        return switch (errno) {
            case ENOSPC, EDQUOT, ENOMEM, EAGAIN, EMFILE, ENFILE -> Refusal.EXHAUSTED;
            case ENOSYS, EOPNOTSUPP -> Refusal.UNSUPPORTED;
            default -> Refusal.FAILED;
        };
    }

    private static ContainerException refused(Refusal refusal, RuntimeException e) {
        return new ContainerException(refusal, String.valueOf(e.getMessage()), e);
    }
}
