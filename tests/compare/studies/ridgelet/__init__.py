"""Tests of the studies of node sampling."""
