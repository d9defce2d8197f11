"""The experiment `tickets`: risk of networks over data sets, samplers and sizes, a task for each network."""
