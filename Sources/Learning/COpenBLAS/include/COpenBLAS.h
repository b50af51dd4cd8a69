#ifndef ORCHESTRATE_COPENBLAS_H
#define ORCHESTRATE_COPENBLAS_H
/// OpenBLAS, found with dlopen at run time.
#endif
