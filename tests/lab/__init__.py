"""Tests in network namespaces; they need root."""
