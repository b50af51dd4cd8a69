#ifndef ORCHESTRATE_COPENBLAS_H
#define ORCHESTRATE_COPENBLAS_H

/// OpenBLAS, found with dlopen at run time; its absence is a normal answer.

/// cblas_sgemm of the CBLAS standard. Row-major is 101, no transposition 111, transposition 112.
typedef void (*orc_sgemm)(int order, int transposeA, int transposeB, int M, int N, int K,
                          float alpha, const float *A, int lda, const float *B, int ldb, float beta,
                          float *C, int ldc);

typedef struct orc_blas {
  /// NULL where no library was found.
  orc_sgemm sgemm;
  /// The kernel set it chose, such as `SkylakeX`; empty when absent.
  char core[64];
  /// Its version, such as `OpenBLAS 0.3.29`; empty when absent.
  char version[64];
} orc_blas;

/// Loads the library at the first call, with one thread per call.
///
/// The core is detected by the library: an inherited OPENBLAS_CORETYPE or OPENBLAS_L2_SIZE is
/// removed from this process first, because a lesser core halves every product. Who wants one says
/// so by ORCHESTRATE_BLAS_CORE (a name for OPENBLAS_CORETYPE), and `none` means no library at all.
const orc_blas *orc_blas_load(void);

#endif
